/// Approvals in a Telegram chat: buttons, replies, and edits of every message.
@NullMarked
package io.approvalhub.telegram;

import org.jspecify.annotations.NullMarked;
