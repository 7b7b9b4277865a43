/// Mixpeek: confirmations in the streams of agent sessions; whoever decides gets the rest.
@NullMarked
package io.approvalhub.agent.mixpeek;

import org.jspecify.annotations.NullMarked;
