/// The operator's file, read strictly: what nothing reads stops the start.
@NullMarked
package io.approvalhub.configuration;

import org.jspecify.annotations.NullMarked;
