/// The benchmark: `mvn -Pbench` runs it and prints one table. The hub runs as users start it; the
/// platforms, the agent and the clients share the process of the benchmark.
@NullMarked
package io.approvalhub.bench;

import org.jspecify.annotations.NullMarked;
