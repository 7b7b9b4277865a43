/// Aar: raises its approvals itself; its chats pass through the relay and cannot loosen anything.
@NullMarked
package io.approvalhub.agent.aar;

import org.jspecify.annotations.NullMarked;
