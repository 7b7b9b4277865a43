/// Connections that are kept: on one node at a time, again after each failure, with the last
/// contact known.
@NullMarked
package io.approvalhub.connection;

import org.jspecify.annotations.NullMarked;
