package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.List;
import java.util.regex.Pattern;

/// A path as its segments were written, which is how they are compared and passed on.
///
/// @param segments what is between its slashes; the first slash of a path is before the first
public record RawPath(List<String> segments) {

  private static final Pattern SEPARATORS = Pattern.compile("[\\\\;%\\x00-\\x1f\\x7f]");

  /// Two spellings of one path must not pass a gate that knows one of them.
  private static final Pattern AMBIGUOUS =
      Pattern.compile("//|/\\.{1,2}(/|$)|[\\\\;]|%(2[ef]|5c|3b|25|00)", Pattern.CASE_INSENSITIVE);

  private static final Pattern NEEDLESS_ESCAPE =
      Pattern.compile("%(2[d]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)", Pattern.CASE_INSENSITIVE);

  /// @param path beginning with a slash
  public static RawPath of(String path) {
    return new RawPath(List.of(path.substring(1).split("/", -1)));
  }

  /// With its first slash.
  public String text() {
    return "/" + String.join("/", segments);
  }

  /// Whether the path has one spelling only.
  public boolean isPlain() {
    return !AMBIGUOUS.matcher(text()).find() && !NEEDLESS_ESCAPE.matcher(text()).find();
  }

  /// Whether the path is another, or below it. A slash at the end of the other is nothing.
  public boolean startsWith(RawPath other) {
    var wanted = other.segments;
    var count = wanted.getLast().isEmpty() ? wanted.size() - 1 : wanted.size();
    return segments.size() >= count && segments.subList(0, count).equals(wanted.subList(0, count));
  }

  /// The path but for its first segments.
  RawPath after(int count) {
    return new RawPath(segments.subList(Math.min(count, segments.size()), segments.size()));
  }

  /// Whether a segment names something and leads nowhere else, by whomever it is read.
  static boolean isName(String segment) {
    return isOneName(decoded(segment));
  }

  /// The same of a segment that holds a name with slashes, such as `Qwen%2FQwen3-4B`.
  static boolean isNameWithSlashes(String segment) {
    return List.of(decoded(segment).split("/", -1)).stream().allMatch(RawPath::isOneName);
  }

  private static boolean isOneName(String name) {
    return !name.isEmpty()
        && !name.contains("/")
        && !name.equals(".")
        && !name.equals("..")
        && !SEPARATORS.matcher(name).find();
  }

  /// Empty where it cannot be read.
  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
