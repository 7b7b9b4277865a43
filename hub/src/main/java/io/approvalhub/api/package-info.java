/// The JSON API: controllers, their documents, and the guard of the door.
@NullMarked
package io.approvalhub.api;

import org.jspecify.annotations.NullMarked;
