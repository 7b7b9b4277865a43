package io.approvalhub.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.approvalhub.TestHub;
import io.approvalhub.plugin.InvalidSettingException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong in the operator's file stops the start with one line that names the key.
final class ConfigurationTest {

  private static final String VALID =
      """
      hub:
        public-url: "https://approvals.example.com"
        keys:
          ci: {key: one, role: agent, agent: local}
          alice: {key: two, role: operator, person: alice}
      people:
        alice: {webhook: "1"}
        bob: {telegram: "2"}
      agents:
        local: {type: push, expires-in: 1h}
      plugins: {}
      channels:
        hook:
          plugin: webhook
          approvers: [alice]
          agents: [local]
          settings: {url: "https://example.com/x", secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"}
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public-url: | publik-url: | hub.publik-url is not a setting",
        "\"https://approvals.example.com\" | approvals | hub.public-url must be an http or https"
            + " address",
        "channels: | chanels: | chanels is not a section",
        "key: one | key: \"one\u2013two\" | hub.keys.ci.key holds a character that is not plain"
            + " ASCII",
        "secret: \"whsec_ | secret: \"whsec\u2013_ | channels.hook.settings.secret holds a"
            + " character",
        "plugins: {} | micronaut: {server: {prot: 80}} | micronaut.server.prot is not a setting",
        "plugins: {} | micronaut: {sever: {port: 80}} | micronaut.sever is not a setting",
        "plugins: {} | micronaut: {server: {ssl: {enabld: true}}} | micronaut.server.ssl.enabld is"
            + " not",
        "plugins: {} | logger: {level: {x: INFO}} | logger.level is not a setting",
        "key: one | key: \"\" | hub.keys.ci.key must not be blank",
        "key: one | key: \"sha256:12\" | hub.keys.ci.key must be a key, or sha256:",
        "key: one | key: two | hub.keys.alice.key is the same as hub.keys.ci.key",
        "role: agent | role: agant | hub.keys.ci.role must be one of [agent, operator, observer]",
        "agent: local} | agent: remote} | hub.keys.ci.agent is 'remote', which is not in agents",
        "person: alice} | person: carol} | hub.keys.alice.person is 'carol', which is not in"
            + " people",
        "person: alice} | person: alice, agent: local} | hub.keys.alice.agent is not a setting",
        "{telegram: \"2\"} | {webhook: \"1\"} | people.bob.webhook is the same as"
            + " people.alice.webhook",
        "{telegram: \"2\"} | {telegram: \"@bob\"} | people.bob.telegram must be the number of a"
            + " Telegram account, such as 42424242, not '@bob'",
        "{telegram: \"2\"} | {whatsapp: \"+49 151 1234567\"} | people.bob.whatsapp must be the"
            + " digits of a number",
        "type: push | type: pull | agents.local.type is 'pull'; there are [",
        "expires-in: 1h | expires-in: soon | agents.local.expires-in must be a length of time",
        "expires-in: 1h | expire-in: 1h | agents.local.expire-in is not a setting",
        "plugin: webhook | plugin: webhok | channels.hook.plugin is 'webhok'; there are [webhook",
        "approvers: [alice] | approvers: [carol] | channels.hook.approvers names 'carol', who is"
            + " not in people",
        "approvers: [alice] | approvers: [bob] | people.bob.webhook is required, since bob is an"
            + " approver of channels.hook",
        "approvers: [alice] | aprovers: [alice] | channels.hook.aprovers is not a setting",
        "agents: [local] | agents: [remote] | channels.hook.agents names 'remote', which is not in"
            + " agents",
        "\"https://example.com/x\" | \"http://hive_gate:8000\" | channels.hook.settings.url names a"
            + " host with an underscore, which cannot be called: 'http://hive_gate:8000'; give the"
            + " host another name, in Docker a network alias",
        "hub: | 'hub:\n  database: {direct-url: x}' | hub.database.direct-url must start with"
            + " jdbc:postgresql:, and needs url",
        "secret: | sekret: | channels.hook.settings.secret is required",
        "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz | ${UNSET_SECRET} | channels.hook.settings.secret"
            + " needs the environment variable UNSET_SECRET",
        "settings: {url | settings: {colour: red, url | channels.hook.settings.colour is not a"
            + " setting",
        "plugins: {} | plugins: {dir: /nowhere/at/all} | plugins.dir is '/nowhere/at/all', which is"
            + " not a folder",
        "plugins: {} | plugins: {folder: x} | plugins.folder is not a setting",
        "hub: | 'hub:\n  language: fr' | hub.language must be one of [en, de], not 'fr'",
        "hub: | 'hub:\n"
            + "  time-zone: Mars' | hub.time-zone must be a time zone such as Europe/Berlin",
        "{telegram: \"2\"} | {telegram: \"2\", language: xx} | people.bob.language must be one of",
        "plugins: {} | presentations: {a: b} | presentations must be a list: each entry begins with"
            + " a dash",
        "plugins: {} | 'presentations: [{headlin: x}]' | presentations[0].headlin is not a setting",
        "plugins: {} | 'presentations: [{match: {tol: x}}]' | presentations[0].match.tol is not a"
            + " setting",
        "plugins: {} | 'presentations: [{match: {agent: nobody}}]' | presentations[0].match.agent"
            + " names 'nobody', which is not in agents",
        "hook: | 'ho ok:' | channels.ho ok must be named with letters",
      })
  void aWrongSettingStopsTheStartAndIsNamed(String right, String wrong, String message) {
    assertThat(VALID).contains(right);

    var thrown =
        catchThrowable(() -> TestHub.start(folder, VALID.replace(right, wrong), true).close());

    assertThat(cause(thrown))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageStartingWith(message);
    assertThat(thrown.toString()).doesNotContain("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz");
  }

  @Test
  void aRightFileStarts() {
    TestHub.start(folder, VALID, true).close();
  }

  private static Throwable cause(Throwable thrown) {
    var cause = thrown;
    while (!(cause instanceof InvalidSettingException) && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
