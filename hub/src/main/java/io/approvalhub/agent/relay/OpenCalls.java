package io.approvalhub.agent.relay;

import io.approvalhub.plugin.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The calls of an agent's API that clients may make through the hub. All others are refused, but
/// for agents whose setting `pass` is `all`.
public final class OpenCalls {

  private final List<Template> templates;
  private final Pass pass;

  private OpenCalls(List<Template> templates, Pass pass) {
    this.templates = templates;
    this.pass = pass;
  }

  /// Reads the setting `pass`.
  ///
  /// @param calls such as `GET /v1/models/{model}`: a segment in braces is any name, and as the
  ///     last with three dots, `{model...}`, also several, or one with encoded slashes. What may be
  ///     got may be asked for by `HEAD`
  public static OpenCalls of(Settings settings, String... calls) {
    var templates = Stream.of(calls).map(Template::of).toList();
    return new OpenCalls(templates, settings.choice("pass", Pass.LISTED));
  }

  /// Why a call is not open, if so.
  Optional<Passage.Refused> refusal(RelayRequest request, String agent) {
    if (templates.stream().anyMatch(template -> template.includes(request))) {
      return Optional.empty();
    }
    if (pass == Pass.LISTED) {
      return Optional.of(Passage.Refused.notOpen(request, agent));
    }
    return request.path().isPlain() ? Optional.empty() : Optional.of(Passage.Refused.ambiguous());
  }

  /// How much of an agent's API is open.
  private enum Pass {
    LISTED,
    ALL
  }

  private record Template(String method, List<String> segments) {

    private static final String REST = "...}";

    private static Template of(String call) {
      var parts = call.split(" ", 2);
      return new Template(parts[0], RawPath.of(parts[1]).segments());
    }

    private boolean includes(RelayRequest request) {
      return isMethod(request.method()) && isPath(request.path().segments());
    }

    private boolean isMethod(String wanted) {
      return wanted.equals(method) || (wanted.equals("HEAD") && method.equals("GET"));
    }

    private boolean isPath(List<String> wanted) {
      var isOpen = segments.getLast().endsWith(REST);
      var fits = isOpen ? wanted.size() >= segments.size() : wanted.size() == segments.size();
      if (!fits) {
        return false;
      }
      for (var number = 0; number < wanted.size(); number++) {
        var template = segments.get(Math.min(number, segments.size() - 1));
        if (!isSegment(template, wanted.get(number))) {
          return false;
        }
      }
      return true;
    }

    private static boolean isSegment(String template, String wanted) {
      if (template.endsWith(REST)) {
        return RawPath.isNameWithSlashes(wanted);
      }
      return template.startsWith("{") ? RawPath.isName(wanted) : template.equals(wanted);
    }
  }
}
