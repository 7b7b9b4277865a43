package io.approvalhub.log;

/// What `hub.log` says: how the lines of the log look.
public enum LogForm {
  TEXT,
  JSON
}
