package io.approvalhub.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.approval.ApprovalRecord;
import io.approvalhub.approval.ApprovalRecord.Edit;
import io.approvalhub.approval.ApprovalRecord.Resolution;
import io.approvalhub.approval.ApprovalRecord.Standing;
import io.approvalhub.approval.Capabilities;
import io.approvalhub.approval.Terms;
import io.approvalhub.approval.ToolCall;
import io.approvalhub.kit.Json;
import io.approvalhub.plugin.Approval.DeliveryStatus;
import io.approvalhub.plugin.Approval.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class InstructionTest {

  private static final Capabilities ALL = new Capabilities(true, true, Optional.of("everything"));
  private static final Capabilities NONE = new Capabilities(false, false, Optional.empty());
  private static final Instruction LOST =
      new Instruction.Deny(Optional.of("What was approved is no longer known"));

  @Test
  void anApprovalIsSaidAsOne() {
    assertThat(instruction("{}", ALL, Edit.NONE, false))
        .isEqualTo(new Instruction.Approve(false, Optional.of("why")));
  }

  @Test
  void anEditGoesWithItsApproval() {
    assertThat(instruction("{}", ALL, edit("{\"n\":2}"), false))
        .isEqualTo(new Instruction.ApproveEdited(Json.object().put("n", 2), Optional.of("why")));
  }

  @Test
  void whatWasForgottenIsDenied() {
    assertThat(instruction("", ALL, Edit.NONE, false)).isEqualTo(LOST);
    assertThat(instruction("", ALL, edit("{}"), true)).isEqualTo(LOST);
  }

  @Test
  void anEditThatWasForgottenIsDenied() {
    assertThat(instruction("{}", ALL, new Edit(true, Optional.empty()), false)).isEqualTo(LOST);
  }

  @Test
  void anEditThatCannotBeReadIsDenied() {
    assertThat(instruction("{}", ALL, edit("{"), false)).isEqualTo(LOST);
  }

  @Test
  void anEditThatTheAgentDoesNotTakeIsDenied() {
    assertThat(instruction("{}", NONE, edit("{}"), false)).isInstanceOf(Instruction.Deny.class);
  }

  @Test
  void anApprovalIsRememberedOnlyWhereThatWasOffered() {
    assertThat(instruction("{}", ALL, Edit.NONE, true))
        .isEqualTo(new Instruction.Approve(true, Optional.of("why")));
    assertThat(instruction("{}", NONE, Edit.NONE, true))
        .isEqualTo(new Instruction.Approve(false, Optional.of("why")));
  }

  private static Edit edit(String arguments) {
    return new Edit(true, Optional.of(arguments));
  }

  private static Instruction instruction(
      String arguments, Capabilities takes, Edit edit, boolean remember) {
    var resolution =
        new Resolution(Instant.EPOCH, "alice", "api", Optional.of("why"), edit, remember);
    var terms = Terms.open(List.of(), Optional.empty());
    var standing =
        new Standing(
            Status.APPROVED, Optional.of(resolution), DeliveryStatus.WAITING, Optional.empty());
    return Instruction.of(
        new ApprovalRecord("id", 2, call(arguments, takes), Instant.EPOCH, terms, standing));
  }

  private static ToolCall call(String arguments, Capabilities takes) {
    return ToolCall.of("coder", "key", "rm", arguments).upstreamId("job").takes(takes);
  }
}
