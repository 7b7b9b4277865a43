package io.approvalhub.gallery;

import io.approvalhub.testkit.FakePlatform.Call;
import java.util.List;

/// What a platform was sent for a call at one moment.
///
/// @param state `pending`, `voted`, `decided` or `expired`
/// @param sent every call that brought it there, in order
record Moment(ExampleCall call, String state, List<Call> sent) {}
