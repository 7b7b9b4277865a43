package io.approvalhub.log;

import io.approvalhub.configuration.Configuration;
import io.micronaut.context.annotation.Context;

/// Makes the log look as `hub.log` says, before anything else of the hub begins.
@Context
final class LogSettings {

  LogSettings(Configuration configuration) {
    EventEncoder.form(configuration.hub().choice("log", LogForm.TEXT));
  }
}
