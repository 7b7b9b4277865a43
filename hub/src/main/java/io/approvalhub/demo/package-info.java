/// `approval-hub demo`: the main job with nothing configured. The hub does not know it.
@NullMarked
package io.approvalhub.demo;

import org.jspecify.annotations.NullMarked;
