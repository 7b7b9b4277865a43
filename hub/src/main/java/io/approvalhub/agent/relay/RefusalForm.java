package io.approvalhub.agent.relay;

import com.fasterxml.jackson.databind.JsonNode;
import io.approvalhub.http.Problem;
import io.approvalhub.kit.Json;

/// The form in which clients of a relayed API look for the words of a refusal.
public enum RefusalForm {
  /// `application/problem+json`.
  PROBLEM {
    @Override
    JsonNode body(Problem problem) {
      return Json.object()
          .put("status", problem.status())
          .put("title", problem.title())
          .put("detail", problem.detail());
    }
  },
  /// That of OpenAI and of what imitates it.
  OPENAI {
    @Override
    JsonNode body(Problem problem) {
      var body = Json.object();
      body.putObject("error")
          .put("message", problem.detail())
          .put("type", type(problem.status()))
          .putNull("param")
          .putNull("code");
      return body;
    }
  },
  /// That of Anthropic's messages.
  ANTHROPIC {
    @Override
    JsonNode body(Problem problem) {
      var body = Json.object().put("type", "error");
      body.putObject("error").put("type", type(problem.status())).put("message", problem.detail());
      return body;
    }
  };

  abstract JsonNode body(Problem problem);

  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      default -> status >= 500 ? "api_error" : "invalid_request_error";
    };
  }
}
