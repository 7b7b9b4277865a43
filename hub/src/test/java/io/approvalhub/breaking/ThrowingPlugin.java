package io.approvalhub.breaking;

import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Approval.Ending;
import io.approvalhub.plugin.Channel;
import io.approvalhub.plugin.Hub;
import io.approvalhub.plugin.MessageRef;
import io.approvalhub.plugin.NotificationPlugin;
import io.approvalhub.plugin.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/// A plugin of bad quality: it keeps each message as a file, and throws Errors at some approvals.
/// The hub loads it from a jar, as it does somebody else's.
public final class ThrowingPlugin implements NotificationPlugin {

  static final String NAME = "throwing";

  /// Stands in a message that has buttons.
  static final String BUTTONS = "[Approve] [Deny]";

  private static final int ONE_IN = 5;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Channel open(Settings settings, Hub hub) {
    var folder = Path.of(settings.text("folder"));
    return new Channel() {
      @Override
      public MessageRef post(Approval approval) throws IOException {
        complain(approval);
        write(folder, approval);
        return new MessageRef("folder", approval.id());
      }

      @Override
      public void update(MessageRef message, Approval approval) throws IOException {
        complain(approval);
        write(folder, approval);
      }
    };
  }

  /// Some can never be posted, others not be updated.
  private static void complain(Approval approval) {
    switch (Math.floorMod(approval.tool().hashCode(), ONE_IN)) {
      case 0 -> throw new StackOverflowError("of a plugin");
      case 1 -> throw new NoClassDefFoundError("of a plugin");
      case 2 -> {
        if (!approval.pending()) {
          throw new AssertionError("of a plugin");
        }
      }
      default -> {
        // it is as good as any
      }
    }
  }

  /// Whole or not at all, since a hub may be killed here.
  private static void write(Path folder, Approval approval) throws IOException {
    var whole = Files.createTempFile(folder, "new", null);
    Files.writeString(whole, approval.tool() + "\n" + status(approval));
    Files.move(whole, folder.resolve(approval.id()), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String status(Approval approval) {
    var name = approval.status().name();
    return switch (approval.status()) {
      case PENDING -> approval.headline() + " " + BUTTONS;
      case APPROVED -> "Approved by " + by(approval) + delivered(approval, "agent resumed");
      case DENIED -> "Denied by " + by(approval) + delivered(approval, "agent told");
      case CANCELLED, EXPIRED -> name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    };
  }

  private static String by(Approval approval) {
    return approval.ending().map(Ending::by).orElse("nobody");
  }

  private static String delivered(Approval approval, String taken) {
    return switch (approval.delivered()) {
      case WAITING -> "";
      case DELIVERED -> ", " + taken;
      case GONE -> ", but the agent no longer waits";
      case UNKNOWN -> ", the agent may have received it";
    };
  }
}
