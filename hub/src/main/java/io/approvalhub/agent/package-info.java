/// Agents: finding the approvals that wait there, and telling them what was decided.
@NullMarked
package io.approvalhub.agent;

import org.jspecify.annotations.NullMarked;
