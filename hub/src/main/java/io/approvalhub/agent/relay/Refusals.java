package io.approvalhub.agent.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.approvalhub.agent.Agents;
import io.approvalhub.http.Problem;
import io.approvalhub.kit.Json;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;

/// Gives what the hub says in an agent's place the form that clients of the agent expect.
@ServerFilter("/agents/**")
@Order(Ordered.HIGHEST_PRECEDENCE)
final class Refusals {

  private final Agents agents;

  Refusals(Agents agents) {
    this.agents = agents;
  }

  @ResponseFilter
  void shape(HttpRequest<?> request, MutableHttpResponse<?> response) {
    if (response.getBody().orElse(null) instanceof Problem problem) {
      var address = RelayAddress.of(request.getPath());
      var form = form(address);
      if (form != RefusalForm.PROBLEM) {
        response.body(Json.text(form.body(problem)).getBytes(UTF_8));
        response.contentType(MediaType.APPLICATION_JSON_TYPE);
      }
    }
  }

  private RefusalForm form(RelayAddress address) {
    return agents.all().stream()
        .filter(agent -> agent.name().equals(address.agent()))
        .filter(agent -> agent.agent() instanceof RelayedAgent)
        .map(agent -> ((RelayedAgent) agent.agent()).refusalForm(address.path().text()))
        .findFirst()
        .orElse(RefusalForm.PROBLEM);
  }
}
