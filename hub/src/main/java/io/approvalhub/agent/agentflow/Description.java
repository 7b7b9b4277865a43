package io.approvalhub.agent.agentflow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an instance's own `/openapi.json` tells about calls that not every instance has.
final class Description {

  private static final Pattern CANCEL = Pattern.compile("(/.*approvals/)\\{[^/{}]+}(/cancel)");

  private Description() {}

  /// Where approvals are withdrawn, with `{id}` for the approval's.
  static Optional<String> cancelPath(JsonNode description) {
    return description.path("paths").properties().stream()
        .filter(path -> path.getValue().has("post"))
        .map(Entry::getKey)
        .map(CANCEL::matcher)
        .filter(path -> path.matches())
        .map(path -> path.group(1) + "{id}" + path.group(2))
        .findFirst();
  }
}
