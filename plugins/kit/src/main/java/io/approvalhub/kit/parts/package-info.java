/// A tool call turned into what people read: a headline, and parts that hold every value once.
@NullMarked
package io.approvalhub.kit.parts;

import org.jspecify.annotations.NullMarked;
