/// Tests of the demo.
@NullMarked
package io.approvalhub.demo;

import org.jspecify.annotations.NullMarked;
