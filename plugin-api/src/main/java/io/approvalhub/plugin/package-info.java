/// What a chat platform implements to carry approvals, and what it is handed: the JDK and JSpecify,
/// nothing else.
///
/// Start at [NotificationPlugin]. The hub finds it by [java.util.ServiceLoader], opens one
/// [Channel] for each place that the operator configured, and hands every channel a [Hub] of its
/// own.
@NullMarked
package io.approvalhub.plugin;

import org.jspecify.annotations.NullMarked;
