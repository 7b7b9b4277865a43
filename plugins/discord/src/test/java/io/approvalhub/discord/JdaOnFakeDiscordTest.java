package io.approvalhub.discord;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.approvalhub.plugin.Action;
import io.approvalhub.plugin.Button;
import io.approvalhub.plugin.Person;
import io.approvalhub.testkit.FakeDiscord;
import java.util.EnumSet;
import java.util.Optional;
import net.dv8tion.jda.api.JDA;
import net.dv8tion.jda.api.JDABuilder;
import net.dv8tion.jda.api.components.actionrow.ActionRow;
import net.dv8tion.jda.api.components.label.Label;
import net.dv8tion.jda.api.components.textinput.TextInput;
import net.dv8tion.jda.api.components.textinput.TextInputStyle;
import net.dv8tion.jda.api.events.interaction.ModalInteractionEvent;
import net.dv8tion.jda.api.events.interaction.component.ButtonInteractionEvent;
import net.dv8tion.jda.api.hooks.ListenerAdapter;
import net.dv8tion.jda.api.modals.Modal;
import net.dv8tion.jda.api.requests.GatewayIntent;
import net.dv8tion.jda.api.requests.RestConfig;
import net.dv8tion.jda.api.utils.Compression;
import net.dv8tion.jda.api.utils.ConcurrentSessionController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The fake is Discord enough for JDA's own messages, events and answers.
@Timeout(60)
class JdaOnFakeDiscordTest {

  private static final Person ALICE = new Person("80351110224678912", "Alice");
  private static final String TOKEN = "0123456789abcdefghijkl";

  @Test
  void jdaSendsTakesAClickAndAsksForAReason() throws InterruptedException {
    try (var discord = FakeDiscord.gateway()) {
      var jda = loggedIn(discord);
      send(jda, discord);
      var message = discord.shown().getFirst();
      assertThat(message.text()).isEqualTo("Shall it run?");
      assertThat(discord.click(message, Action.APPROVE, ALICE, Optional.empty())).isEmpty();
      assertThat(discord.click(message, Action.DENY_WITH_REASON, ALICE, Optional.of("late")))
          .isEqualTo("Alice said late");
      jda.shutdownNow();
    }
  }

  private static JDA loggedIn(FakeDiscord discord) throws InterruptedException {
    var gateway = setting(discord, "gateway");
    var jda =
        JDABuilder.createLight(setting(discord, "token"), EnumSet.noneOf(GatewayIntent.class))
            .setRestConfig(new RestConfig().setBaseUrl(setting(discord, "api") + "/"))
            .setSessionController(
                new ConcurrentSessionController() {
                  @Override
                  public String getGateway() {
                    return gateway;
                  }
                })
            .setCompression(Compression.NONE)
            .addEventListeners(new Answers())
            .build();
    jda.awaitReady();
    return jda;
  }

  private static String setting(FakeDiscord discord, String key) {
    return String.valueOf(discord.settings().get(key));
  }

  private static void send(JDA jda, FakeDiscord discord) {
    var approve = new Button(TOKEN, Action.APPROVE).data();
    var deny = new Button(TOKEN, Action.DENY_WITH_REASON).data();
    var channel = requireNonNull(jda.getTextChannelById(setting(discord, "channel")));
    channel
        .sendMessage("**Shall** it run?")
        .addComponents(
            ActionRow.of(
                net.dv8tion.jda.api.components.buttons.Button.success(approve, "Approve"),
                net.dv8tion.jda.api.components.buttons.Button.danger(deny, "Deny")))
        .complete();
  }

  private static final class Answers extends ListenerAdapter {

    @Override
    public void onButtonInteraction(ButtonInteractionEvent event) {
      if (Button.parse(event.getComponentId()).orElseThrow().action() == Action.APPROVE) {
        event.deferEdit().queue();
      } else {
        var why = TextInput.create("reason", TextInputStyle.PARAGRAPH).build();
        var dialog = Modal.create("why", "Deny").addComponents(Label.of("Why?", why)).build();
        event.replyModal(dialog).queue();
      }
    }

    @Override
    public void onModalInteraction(ModalInteractionEvent event) {
      var why = requireNonNull(event.getValue("reason")).getAsString();
      event.reply(event.getUser().getEffectiveName() + " said " + why).setEphemeral(true).queue();
    }
  }
}
