package io.approvalhub.breaking;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A request as it came through a socket, which is the only one of its connection.
///
/// @param lines the request line and the headers
@SuppressWarnings("ArrayRecordComponent")
record HttpText(List<String> lines, byte[] body) {

  private static final int LONGEST_HEAD = 64 << 10;
  private static final Pattern HOP_BY_HOP =
      Pattern.compile("(?i)(connection|upgrade|http2-settings|keep-alive|transfer-encoding):.*");
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length:.*");

  /// The next request; empty where the connection ends instead.
  static Optional<HttpText> read(InputStream in) throws IOException {
    var head = head(in);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    var lines = List.of(head.get().split("\r\n"));
    var body =
        header(lines, "transfer-encoding").equals(Optional.of("chunked"))
            ? chunks(in)
            : in.readNBytes(header(lines, "content-length").map(Integer::parseInt).orElse(0));
    return Optional.of(new HttpText(lines, body));
  }

  /// Everything before the body; empty where nothing comes.
  static Optional<String> head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.length() < LONGEST_HEAD && head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      var next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      head.append((char) next);
    }
    return Optional.of(head.toString());
  }

  /// The head of an answer, which says that the connection ends with it.
  static String closing(String head) {
    return Stream.concat(kept(List.of(head.split("\r\n"))), Stream.of("Connection: close"))
        .collect(Collectors.joining("\r\n", "", "\r\n\r\n"));
  }

  String method() {
    return lines.getFirst().split(" ")[0];
  }

  String path() {
    return lines.getFirst().split(" ")[1];
  }

  /// The body as text, whatever it is.
  String text() {
    return new String(body, ISO_8859_1);
  }

  /// The request, to be sent through a connection of its own.
  byte[] bytes() {
    var head =
        Stream.of(
                kept(lines).filter(line -> !LENGTH.matcher(line).matches()),
                Stream.of("Content-Length: " + body.length, "Connection: close"))
            .flatMap(some -> some)
            .collect(Collectors.joining("\r\n", "", "\r\n\r\n"));
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.getBytes(ISO_8859_1));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  /// The transfer encoding of an answer stays, since its body is passed on as it comes.
  private static Stream<String> kept(List<String> lines) {
    var answer = lines.getFirst().startsWith("HTTP/");
    return lines.stream()
        .filter(
            line ->
                !HOP_BY_HOP.matcher(line).matches()
                    || (answer && line.regionMatches(true, 0, "transfer-encoding", 0, 17)));
  }

  private static Optional<String> header(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var body = new ByteArrayOutputStream();
    for (var size = size(in); size > 0; size = size(in)) {
      body.writeBytes(in.readNBytes(size));
      in.skipNBytes(2);
    }
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    var size = Integer.parseInt(line.toString().strip(), 16);
    if (size == 0) {
      in.skipNBytes(2);
    }
    return size;
  }
}
