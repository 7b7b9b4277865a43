/// The channel to any program that speaks Standard Webhooks.
@NullMarked
package io.approvalhub.webhook;

import org.jspecify.annotations.NullMarked;
