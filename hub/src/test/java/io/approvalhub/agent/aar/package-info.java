/// Aar, which asks through `config/agents/aar/approval_hub.py`.
@NullMarked
package io.approvalhub.agent.aar;

import org.jspecify.annotations.NullMarked;
