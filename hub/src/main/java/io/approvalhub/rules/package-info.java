/// Which calls an operator means.
@NullMarked
package io.approvalhub.rules;

import org.jspecify.annotations.NullMarked;
