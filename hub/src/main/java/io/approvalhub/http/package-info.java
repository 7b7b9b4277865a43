/// What every answer over HTTP has in common: problems as `application/problem+json`, bodies read
/// strictly.
@NullMarked
package io.approvalhub.http;

import org.jspecify.annotations.NullMarked;
