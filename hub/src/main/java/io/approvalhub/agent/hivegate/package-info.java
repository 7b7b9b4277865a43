/// HiveGate: what its runs wait for, found in their streams and answers and told by one commit for
/// each run; and what `/v2/approvals` lists, polled and told there.
@NullMarked
package io.approvalhub.agent.hivegate;

import org.jspecify.annotations.NullMarked;
