/// Twenty calls on five platforms, to be looked at.
@NullMarked
package io.approvalhub.gallery;

import org.jspecify.annotations.NullMarked;
