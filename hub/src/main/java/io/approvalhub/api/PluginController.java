package io.approvalhub.api;

import static io.approvalhub.access.Role.AGENT;
import static io.approvalhub.access.Role.OBSERVER;
import static io.approvalhub.access.Role.OPERATOR;

import io.approvalhub.channel.Plugins;
import io.approvalhub.http.Roles;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.List;

/// Tells which plugins there are.
@Roles({AGENT, OPERATOR, OBSERVER})
@Controller("/v2/approvals/plugins/list")
final class PluginController {

  private final Plugins plugins;

  PluginController(Plugins plugins) {
    this.plugins = plugins;
  }

  /// Lists the plugins that were loaded.
  @Get
  List<String> list() {
    return plugins.names();
  }
}
