/// What the log looks like: one line for each event, with facts as key=value or as JSON.
@NullMarked
package io.approvalhub.log;

import org.jspecify.annotations.NullMarked;
