/// The application: where it starts.
@NullMarked
package io.approvalhub;

import org.jspecify.annotations.NullMarked;
