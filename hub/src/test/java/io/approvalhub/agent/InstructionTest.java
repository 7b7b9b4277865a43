package io.approvalhub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InstructionTest {

  private static final Capabilities ALL = new Capabilities(true, true, Optional.of("everything"));
  private static final Capabilities NONE = new Capabilities(false, false, Optional.empty());
  private static final Instruction LOST =
      new Instruction.Deny(Optional.of("What was approved is no longer known"));

  @Test
  void anApprovalIsSaidAsOne() {
    assertThat(instruction("{}", ALL, Optional.empty(), false))
        .isEqualTo(new Instruction.Approve(false, Optional.of("why")));
  }

  @Test
  void anEditGoesWithItsApproval() {
    assertThat(instruction("{}", ALL, Optional.of("{\"n\":2}"), false))
        .isEqualTo(new Instruction.ApproveEdited(Json.object().put("n", 2), Optional.of("why")));
  }

  @Test
  void whatWasForgottenIsDenied() {
    assertThat(instruction("", ALL, Optional.empty(), false)).isEqualTo(LOST);
    assertThat(instruction("", ALL, Optional.of("{}"), true)).isEqualTo(LOST);
  }

  @Test
  void anEditThatCannotBeReadIsDenied() {
    assertThat(instruction("{}", ALL, Optional.of("{"), false)).isEqualTo(LOST);
  }

  @Test
  void anEditThatTheAgentDoesNotTakeIsDenied() {
    assertThat(instruction("{}", NONE, Optional.of("{}"), false))
        .isInstanceOf(Instruction.Deny.class);
  }

  @Test
  void anApprovalIsRememberedOnlyWhereThatWasOffered() {
    assertThat(instruction("{}", ALL, Optional.empty(), true))
        .isEqualTo(new Instruction.Approve(true, Optional.of("why")));
    assertThat(instruction("{}", NONE, Optional.empty(), true))
        .isEqualTo(new Instruction.Approve(false, Optional.of("why")));
  }

  private static Instruction instruction(
      String arguments, Capabilities takes, Optional<String> edited, boolean remember) {
    var resolution =
        new Resolution(Instant.EPOCH, "alice", "api", Optional.of("why"), edited, remember);
    return Instruction.of(
        new ApprovalRecord(
            "id",
            2,
            Status.APPROVED,
            call(arguments, takes),
            Instant.EPOCH,
            Optional.of(resolution),
            DeliveryStatus.WAITING));
  }

  private static ToolCall call(String arguments, Capabilities takes) {
    return ToolCall.of("coder", "key", "rm", arguments).upstreamId("job").takes(takes);
  }
}
