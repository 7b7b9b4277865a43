package io.approvalhub.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.kit.Replies.Reply;
import io.approvalhub.plugin.Verdict;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {

  private static final String ID = "01jd2c3d4e5f6g7h8j9k0m1n2p";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "approve|APPROVE||",
        " Approve. |APPROVE||",
        "/approve|APPROVE||",
        "/approve ID|APPROVE|ID|",
        "/approve@hub_bot ID|APPROVE|ID|",
        "DENY|DENY||",
        "deny because it is late|DENY||it is late",
        "Deny: not on a Friday|DENY||not on a Friday",
        "deny:|DENY||",
        "/deny ID|DENY|ID|",
        "/deny ID too risky|DENY|ID|too risky",
        "/deny ID because of Bob|DENY|ID|of Bob",
        "/deny@hub_bot ID: no|DENY|ID|no"
      })
  void aDecisionInWordsIsUnderstood(String text, Verdict verdict, String id, String reason) {
    assertThat(Replies.parse(text.replace("ID", ID)))
        .contains(
            new Reply(
                verdict,
                Optional.ofNullable(id).map(word -> word.replace("ID", ID)),
                Optional.ofNullable(reason)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yes",
        "approved",
        "approve?",
        "approve it",
        "do not approve",
        "approve or deny",
        "approve because",
        "denying",
        "deny it",
        "deny becauseof",
        "/approve 123",
        "/deny 123 why",
        "don't deny",
        "аpprove"
      })
  void anythingElseIsNoDecision(String text) {
    assertThat(Replies.parse(text)).isEmpty();
  }
}
