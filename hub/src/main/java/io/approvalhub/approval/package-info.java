/// The desk, which submits, decides, expires and cancels approvals; their store; their API.
@NullMarked
package io.approvalhub.approval;

import org.jspecify.annotations.NullMarked;
