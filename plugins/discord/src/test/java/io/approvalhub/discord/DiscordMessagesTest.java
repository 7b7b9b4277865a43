package io.approvalhub.discord;

import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.kit.Json;
import io.approvalhub.kit.Words;
import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Approval;
import io.approvalhub.plugin.Reader;
import io.approvalhub.testkit.FakeHub;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DiscordMessagesTest {

  private static final Words WORDS = Words.of(Reader.DEFAULT);
  private static final Instant NOW = Instant.now();

  @Test
  void argumentsTooLargeForDiscordCannotBeApproved() {
    var approval = raised("x".repeat(9 << 20));
    var card = DiscordMessages.post(approval, WORDS, NOW);
    var text = Json.text(card.payload());
    assertThat(card.files()).isEmpty();
    assertThat(text)
        .contains("cannot be approved here", approval.button(Action.DENY))
        .doesNotContain(approval.button(Action.APPROVE));
  }

  @Test
  void argumentsThatDoNotFitAreAttachedAsTheyAre() {
    var approval = raised("é".repeat(5_000));
    assertThat(DiscordMessages.card(approval, WORDS, NOW).files())
        .singleElement()
        .returns("text.txt", DiscordMessages.File::name)
        .returns("é".repeat(5_000), DiscordMessages.File::text);
  }

  @Test
  void theTextNeverExceedsTheLimit() {
    for (var length = 3_600; length < 4_000; length += 7) {
      var card =
          DiscordMessages.card(raised("`".repeat(length / 4) + "y".repeat(length / 2)), WORDS, NOW);
      var shown =
          card.payload().findValuesAsText("content").stream().mapToInt(String::length).sum();
      assertThat(shown).isLessThanOrEqualTo(4_000);
    }
  }

  private static Approval raised(String text) {
    try (var hub = new FakeHub("ops")) {
      return hub.raise("write_file", Json.text(Json.object().put("text", text)));
    }
  }
}
