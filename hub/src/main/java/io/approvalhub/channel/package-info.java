/// Plugins found, channels opened from configuration, callbacks received.
@NullMarked
package io.approvalhub.channel;

import org.jspecify.annotations.NullMarked;
