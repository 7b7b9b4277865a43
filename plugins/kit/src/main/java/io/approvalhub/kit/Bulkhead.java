package io.approvalhub.kit;

import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.OutOfReachException;

/// Keeps the trouble that one update makes from those that come after it.
public final class Bulkhead {

  private Bulkhead() {}

  /// Does what one of many updates asks for. Whatever goes wrong with it is said by [Hub#trouble],
  /// with its kind and place and never with its message, which may quote what was sent.
  ///
  /// @param update what it is called there, such as `update 7004`
  /// @return whether it went well
  /// @throws OutOfReachException when the store is out of reach, so that the update comes again
  public static boolean contains(Hub hub, String update, Runnable work) {
    try {
      work.run();
      return true;
    } catch (OutOfReachException | OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      hub.trouble("Passed over " + update + ": " + kind(e));
      return false;
    }
  }

  private static String kind(Throwable thrown) {
    var frames = thrown.getStackTrace();
    var kind = thrown.getClass().getName();
    return frames.length == 0 ? kind : kind + " at " + frames[0];
  }
}
