/// The relay: agents whose approvals are seen only in their streams are called through the hub.
@NullMarked
package io.approvalhub.agent.relay;

import org.jspecify.annotations.NullMarked;
