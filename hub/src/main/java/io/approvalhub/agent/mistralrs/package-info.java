/// mistral.rs: approvals in the streams of chats and messages, decided by an endpoint beside them.
@NullMarked
package io.approvalhub.agent.mistralrs;

import org.jspecify.annotations.NullMarked;
