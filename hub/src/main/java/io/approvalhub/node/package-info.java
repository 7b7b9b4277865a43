/// What several nodes need of each other: leases, signals, who lives.
@NullMarked
package io.approvalhub.node;

import org.jspecify.annotations.NullMarked;
