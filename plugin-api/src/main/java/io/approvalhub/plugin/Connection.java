package io.approvalhub.plugin;

import java.io.IOException;

/// A connection that a platform's events come in by: a long poll, a gateway, a socket.
///
/// Handed to [Hub#connect]. With several nodes the hub runs it on one of them at a time, and on
/// another within seconds when that node dies.
@FunctionalInterface
public interface Connection {

  /// Connects and stays connected.
  ///
  /// Called on a virtual thread of its own. It returns only when the connection is over for good;
  /// whatever it opened is closed then. Calls [Hub#contact] whenever the platform was heard of.
  ///
  /// @throws InterruptedException when the thread was interrupted: the hub stops, or another node
  ///     took over
  /// @throws TryAgainException to be run again no earlier than it says
  /// @throws StoppedException when it will not work until an operator acts; an alarm is raised and
  ///     it is run again every ten minutes
  /// @throws IOException for everything else; it is run again after a growing pause
  void run() throws IOException, InterruptedException;
}
