/// Approvals on Discord: a message with buttons in a channel or a direct message.
@NullMarked
package io.approvalhub.discord;

import org.jspecify.annotations.NullMarked;
