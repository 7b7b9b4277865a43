package io.approvalhub.channel;

import io.approvalhub.configuration.Configuration;
import io.approvalhub.configuration.Section;
import io.approvalhub.plugin.InvalidSettingException;
import io.approvalhub.plugin.Settings;
import java.util.List;
import java.util.Set;

/// One entry of `channels`.
///
/// @param agents whose approvals it shows; empty for all
/// @param settings for the plugin to read
record ChannelSettings(String name, String plugin, List<String> agents, Settings settings) {

  static List<ChannelSettings> all(Configuration configuration) {
    var agents = configuration.section("agents").sections().keySet();
    return configuration.section("channels").sections().entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue(), agents))
        .toList();
  }

  boolean shows(String agent) {
    return agents.isEmpty() || agents.contains(agent);
  }

  private static ChannelSettings of(String name, Section section, Set<String> agents) {
    if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new InvalidSettingException(
          "channels." + name + " must be named with letters, digits, dashes and underscores");
    }
    var settings = section.settings("settings");
    var plugin = settings.text("plugin");
    settings.list("approvers");
    var shown = settings.list("agents");
    settings.refuseUnknown();
    for (var agent : shown) {
      if (!agents.contains(agent)) {
        throw settings.invalid("agents", "names '" + agent + "', which is not in agents");
      }
    }
    return new ChannelSettings(name, plugin, shown, section.section("settings").settings());
  }
}
