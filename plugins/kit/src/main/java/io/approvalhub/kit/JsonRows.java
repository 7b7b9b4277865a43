package io.approvalhub.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rows of a JSON list as it comes in, piece by piece, each read on its own: what is wrong with
/// one row says nothing about the others.
///
/// The list is the whole text, in UTF-8, or stands under a field of it.
public final class JsonRows {

  /// How many bytes a row may have. It is no more than what is taken in another way.
  public static final int LONGEST = 8 << 20;

  /// How many bytes all rows together may have; those after it are out of bounds.
  public static final int MOST = 16 << 20;

  private static final int LONGEST_NAME = 100;

  private final Optional<String> field;
  private final List<Row> rows = new ArrayList<>();
  private final ByteArrayOutputStream name = new ByteArrayOutputStream();
  private final ByteArrayOutputStream row = new ByteArrayOutputStream();

  private Place place = Place.BEFORE;
  private int depth;
  private int listDepth;
  private int index;
  private long size;
  private long taken;
  private boolean quoted;
  private boolean escaped;
  private boolean isName;
  private boolean isBlank = true;
  private boolean isMalformed;

  /// @param field where the list stands, when the text is an object
  public JsonRows(Optional<String> field) {
    this.field = field;
  }

  /// Takes the next bytes.
  public void add(byte[] bytes) {
    for (var each : bytes) {
      if (place == Place.IN_LIST) {
        inList(each);
      } else {
        outside(each);
      }
    }
  }

  /// The rows, once all bytes are there.
  ///
  /// @throws IOException when there is no list, or it does not end
  public List<Row> rows() throws IOException {
    if (isMalformed || place != Place.AFTER_LIST || depth != 0) {
      throw new IOException("JSON holds no list that is whole");
    }
    return List.copyOf(rows);
  }

  private void outside(byte each) {
    if (quoted) {
      inText(each);
      if (quoted && isName && name.size() < LONGEST_NAME) {
        name.write(each);
      }
    } else if (!blank(each)) {
      structure(each);
    }
  }

  private void structure(byte each) {
    if (depth == 0 && place != Place.BEFORE) {
      isMalformed = true;
      return;
    }
    switch (each) {
      case '[', '{' -> open(each);
      case ']', '}' -> depth--;
      case '"' -> {
        quoted = true;
        isName = depth == 1 && (place == Place.IN_OBJECT || place == Place.AFTER_LIST);
        if (isName) {
          name.reset();
        }
      }
      case ':' -> {
        isMalformed |= place == Place.AFTER_LIST && isField();
        place = place == Place.IN_OBJECT && isField() ? Place.BEFORE_LIST : place;
      }
      case ',' -> place = place == Place.BEFORE_LIST ? Place.IN_OBJECT : place;
      default -> isMalformed |= depth == 0;
    }
  }

  private void open(byte each) {
    depth++;
    if (each == '[' && (place == Place.BEFORE || (place == Place.BEFORE_LIST && depth == 2))) {
      place = Place.IN_LIST;
      listDepth = depth;
    } else if (place == Place.BEFORE || place == Place.BEFORE_LIST) {
      place = Place.IN_OBJECT;
    }
  }

  private boolean isField() {
    return depth == 1 && field.filter(wanted -> wanted.equals(name.toString(UTF_8))).isPresent();
  }

  private void inList(byte each) {
    if (quoted) {
      inText(each);
    } else if (depth == listDepth && (each == ',' || each == ']')) {
      end(each);
      return;
    } else {
      switch (each) {
        case '[', '{' -> depth++;
        case ']', '}' -> depth--;
        case '"' -> quoted = true;
        default -> {}
      }
    }
    keep(each);
  }

  private void inText(byte each) {
    if (escaped) {
      escaped = false;
    } else if (each == '\\') {
      escaped = true;
    } else if (each == '"') {
      quoted = false;
    }
  }

  private void keep(byte each) {
    isBlank &= blank(each);
    size++;
    if (size <= LONGEST && taken + size <= MOST) {
      row.write(each);
    }
  }

  private void end(byte each) {
    var isLast = each == ']';
    if (!isLast || !isBlank || index > 0) {
      rows.add(read());
      index++;
    }
    taken += row.size();
    row.reset();
    size = 0;
    isBlank = true;
    if (isLast) {
      depth--;
      place = Place.AFTER_LIST;
    }
  }

  private Row read() {
    var where = Bounds.step(index);
    try {
      if (size > row.size()) {
        var problem =
            size > LONGEST
                ? "has more than %,d bytes".formatted(LONGEST)
                : "has no room: the rows before it have almost %,d bytes".formatted(MOST);
        throw new OutOfBoundsException(where, problem);
      }
      return new Row.Value(Bounds.read(row.toByteArray(), where));
    } catch (OutOfBoundsException e) {
      return new Row.Fault(e);
    }
  }

  private static boolean blank(byte each) {
    return each == ' ' || each == '\n' || each == '\r' || each == '\t';
  }

  /// One row.
  public sealed interface Row {

    /// A row within [Bounds].
    record Value(JsonNode json) implements Row {}

    /// A row that cannot be taken, and why.
    record Fault(OutOfBoundsException problem) implements Row {}
  }

  private enum Place {
    BEFORE,
    IN_OBJECT,
    BEFORE_LIST,
    IN_LIST,
    AFTER_LIST
  }
}
