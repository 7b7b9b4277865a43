/// HiveGate: approvals polled from `/v2/approvals` and decided there.
@NullMarked
package io.approvalhub.agent.hivegate;

import org.jspecify.annotations.NullMarked;
