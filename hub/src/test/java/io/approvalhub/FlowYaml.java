package io.approvalhub;

import io.approvalhub.kit.Json;
import java.util.Map;

/// Maps in a configuration, each on one line. JSON is YAML.
public final class FlowYaml {

  private FlowYaml() {}

  /// A map whose values are all text.
  public static String of(Map<String, ?> map) {
    var object = Json.object();
    map.forEach((key, value) -> object.put(key, value.toString()));
    return Json.text(object);
  }
}
