/// Agents that call `POST /v2/approvals` themselves.
@NullMarked
package io.approvalhub.agent.push;

import org.jspecify.annotations.NullMarked;
