/// Keys and people: who may ask, and who may decide.
@NullMarked
package io.approvalhub.access;

import org.jspecify.annotations.NullMarked;
