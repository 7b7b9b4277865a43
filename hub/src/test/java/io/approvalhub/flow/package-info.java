/// The hub as a process of its own, between real HTTP servers that stand in for agents and
/// platforms.
@NullMarked
package io.approvalhub.flow;

import org.jspecify.annotations.NullMarked;
