/// Approvals in a Slack channel, with clicks over Socket Mode or HTTP.
@NullMarked
package io.approvalhub.slack;

import org.jspecify.annotations.NullMarked;
