/// The courier, which makes every message and every agent agree with the store.
@NullMarked
package io.approvalhub.delivery;

import org.jspecify.annotations.NullMarked;
