package io.approvalhub.gallery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.approvalhub.kit.Json;
import io.approvalhub.testkit.FakeHub;

/// A tool call to be shown.
///
/// @param title what it is an example of
record ExampleCall(String title, String tool, ObjectNode fields, FakeHub.Options options) {

  String arguments() {
    return Json.text(fields);
  }

  /// The same with something changed, as a person might.
  String edited() {
    return Json.text(fields.deepCopy().put("dry_run", true));
  }
}
