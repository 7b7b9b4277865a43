/// The hub in trouble: whole runs of it among faults that are drawn from a seed, and a checker that
/// reads afterwards what platforms and agents saw.
@NullMarked
package io.approvalhub.breaking;

import org.jspecify.annotations.NullMarked;
