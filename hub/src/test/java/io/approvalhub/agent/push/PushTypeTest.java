package io.approvalhub.agent.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where agents may ask to be called: what the operator allows, and what is below it.
final class PushTypeTest {

  private static final List<URI> ALLOWED =
      List.of(
          URI.create("https://agents.example.com/hooks/"), URI.create("http://10.0.0.1:8080/api"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://agents.example.com/hooks/",
        "https://agents.example.com/hooks/a/b?c=d",
        "https://agents.example.com:443/hooks/a",
        "https://AGENTS.example.com/hooks/a%20b",
        "http://10.0.0.1:8080/api",
        "http://10.0.0.1:8080/api/x"
      })
  void whatIsBelowAnAllowedAddressIsCalled(String address) {
    assertThat(PushType.under(ALLOWED, URI.create(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://agents.example.com/hooks/%2e%2e/admin/delete",
        "https://agents.example.com/hooks/../admin/delete",
        "https://agents.example.com/hooks/./../admin",
        "https://agents.example.com/hooks/..%2fadmin",
        "https://agents.example.com/hooks/..%5Cadmin",
        "https://agents.example.com/hooks/a%252e",
        "https://agents.example.com/hooks//admin",
        "https://agents.example.com/hooks/..;/admin",
        "https://agents.example.com/hooksx",
        "https://agents.example.com/",
        "https://agents.example.com",
        "http://agents.example.com/hooks/a",
        "https://agents.example.com:444/hooks/a",
        "https://me@agents.example.com/hooks/a",
        "http://10.0.0.1:8080/api-admin",
        "http://10.0.0.1:8080/api%2dadmin",
        "http://10.0.0.1/api",
        "mailto:a@b",
        "/hooks/a"
      })
  void whatIsNotIsNot(String address) {
    assertThat(PushType.under(ALLOWED, URI.create(address))).isFalse();
  }
}
