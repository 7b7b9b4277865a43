/// AgentFlow: approvals paged through at `/approvals/pending`, seen earlier in relayed streams, and
/// answered at `/respond`.
@NullMarked
package io.approvalhub.agent.agentflow;

import org.jspecify.annotations.NullMarked;
