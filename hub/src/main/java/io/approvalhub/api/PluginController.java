package io.approvalhub.api;

import io.approvalhub.access.Caller;
import io.approvalhub.channel.Plugins;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.List;

/// Tells which plugins there are.
@Controller("/v2/approvals/plugins/list")
final class PluginController {

  private final Plugins plugins;

  PluginController(Plugins plugins) {
    this.plugins = plugins;
  }

  /// Lists the plugins that were loaded.
  @Get
  List<String> list(Caller caller) {
    return plugins.names();
  }
}
