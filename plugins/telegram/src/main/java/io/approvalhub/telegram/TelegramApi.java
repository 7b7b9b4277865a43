package io.approvalhub.telegram;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.approvalhub.plugin.RefusedException;
import io.approvalhub.plugin.StoppedException;
import io.approvalhub.plugin.TryAgainException;
import io.approvalhub.telegram.TelegramException.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.TelegramUrl;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendDocument;
import org.telegram.telegrambots.meta.api.methods.updates.SetWebhook;
import org.telegram.telegrambots.meta.api.objects.ResponseParameters;
import org.telegram.telegrambots.meta.api.objects.message.Message;
import org.telegram.telegrambots.meta.exceptions.TelegramApiException;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;

/// The Bot API, with its errors told apart by type. The token is in the path of every URL, so no
/// exception of the library or of the network gets out as it is.
final class TelegramApi implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofSeconds(50);

  private static final Map<String, Problem> PROBLEMS =
      Map.of(
          "can't parse entities", Problem.MARKUP,
          "message is not modified", Problem.SAME,
          "query is too old", Problem.LATE);

  /// What is wrong with the bot's place in the chat, and not with a message.
  private static final List<String> STOPPING =
      List.of(
          "chat not found",
          "not enough rights",
          "have no rights",
          "need administrator rights",
          "chat_write_forbidden",
          "chat_restricted",
          "chat_send_",
          "peer_id_invalid",
          "group chat was deactivated",
          "message thread not found",
          "topic_closed",
          "topic_deleted");

  private final TelegramSettings settings;
  private final OkHttpClient sending = http(CALL);
  private final OkHttpClient listening = http(POLL.plus(CALL));
  private final OkHttpTelegramClient sender;
  private final OkHttpTelegramClient listener;

  TelegramApi(TelegramSettings settings) {
    this.settings = settings;
    sender = client(sending);
    listener = client(listening);
  }

  <T extends Serializable, M extends BotApiMethod<T>> T call(M method) throws IOException {
    return sent(method.getMethod(), () -> sender.executeAsync(method));
  }

  Message call(SendDocument method) throws IOException {
    return sent(method.getMethod(), () -> sender.executeAsync(method));
  }

  /// Waits for updates, until the thread is interrupted: then Telegram is told at once.
  ArrayNode poll(int offset) throws IOException, InterruptedException {
    var poll = new TelegramPoll(offset, POLL.toSeconds());
    return heard("getUpdates", () -> listener.executeAsync(poll));
  }

  /// Calls a method that belongs to listening.
  <T extends Serializable, M extends BotApiMethod<T>> T listen(M method)
      throws IOException, InterruptedException {
    return heard(method.getMethod(), () -> listener.executeAsync(method));
  }

  void listen(SetWebhook method) throws IOException, InterruptedException {
    heard("setWebhook", () -> listener.executeAsync(method));
  }

  @Override
  public void close() {
    for (var http : List.of(sending, listening)) {
      http.dispatcher().cancelAll();
      http.dispatcher().executorService().shutdown();
      http.connectionPool().evictAll();
    }
  }

  private <T> T sent(String method, Call<T> call) throws IOException {
    try {
      return answer(method, call);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(method + " was interrupted");
    }
  }

  private <T> T heard(String method, Call<T> call) throws IOException, InterruptedException {
    try {
      return answer(method, call);
    } catch (InterruptedException e) {
      listening.dispatcher().cancelAll();
      throw e;
    }
  }

  private <T> T answer(String method, Call<T> call) throws IOException, InterruptedException {
    try {
      return Optional.ofNullable(call.start().get())
          .orElseThrow(() -> new IOException("Telegram answered " + method + " with nothing"));
    } catch (ExecutionException e) {
      throw failure(method, e.getCause());
    } catch (TelegramApiException e) {
      throw new RefusedException(safe(method + " is malformed: " + e.getMessage()));
    }
  }

  private IOException failure(String method, @Nullable Throwable cause) {
    return switch (cause) {
      case TelegramApiRequestException e when e.getApiResponse() != null -> refusal(method, e);
      case TelegramApiException _ ->
          new IOException("Telegram answered " + method + " with something unreadable");
      case null, default ->
          new IOException(
              safe(method + " did not reach " + settings.api().getAuthority() + ": " + cause));
    };
  }

  private IOException refusal(String method, TelegramApiRequestException e) {
    var said = safe("Telegram answered " + method + " with: " + e.getApiResponse());
    return switch (e.getErrorCode()) {
      case 400 -> badRequest(said, e);
      case 401, 404 -> new StoppedException("Telegram does not know this token: set the bot's own");
      case 403 -> new StoppedException(said + "; let the bot into the chat again");
      case 409 -> new TelegramException(Problem.CONFLICT, said, "");
      case 413 -> new RefusedException(said);
      case 429 -> new TryAgainException(said, delay(e));
      default -> new IOException(said);
    };
  }

  private static IOException badRequest(String said, TelegramApiRequestException e) {
    var moved = parameters(e).map(ResponseParameters::getMigrateToChatId);
    if (moved.isPresent()) {
      return new TelegramException(Problem.MOVED, said, moved.get().toString());
    }
    var lower = said.toLowerCase(Locale.ROOT);
    for (var problem : PROBLEMS.entrySet()) {
      if (lower.contains(problem.getKey())) {
        return new TelegramException(problem.getValue(), said, "");
      }
    }
    return STOPPING.stream().anyMatch(lower::contains)
        ? new StoppedException(said)
        : new RefusedException(said);
  }

  private static Duration delay(TelegramApiRequestException e) {
    var seconds = parameters(e).map(ResponseParameters::getRetryAfter);
    return Duration.ofSeconds(seconds.orElse(1));
  }

  private static Optional<ResponseParameters> parameters(TelegramApiRequestException e) {
    return Optional.ofNullable(e.getParameters());
  }

  private String safe(String message) {
    return message.replace(settings.token(), "[token]");
  }

  private OkHttpTelegramClient client(OkHttpClient http) {
    var api = settings.api();
    var url = new TelegramUrl(api.getScheme(), api.getHost(), settings.port(), false);
    return new OkHttpTelegramClient(http, settings.token(), url);
  }

  /// A call is not repeated by itself, lest an approval is posted twice, and no redirect takes the
  /// token elsewhere.
  private static OkHttpClient http(Duration longest) {
    var dispatcher = new Dispatcher(Executors.newVirtualThreadPerTaskExecutor());
    dispatcher.setMaxRequestsPerHost(dispatcher.getMaxRequests());
    return new OkHttpClient.Builder()
        .dispatcher(dispatcher)
        .connectTimeout(CONNECT)
        .readTimeout(longest)
        .callTimeout(longest)
        .retryOnConnectionFailure(false)
        .followRedirects(false)
        .followSslRedirects(false)
        .build();
  }

  @FunctionalInterface
  private interface Call<T> {
    CompletableFuture<T> start() throws TelegramApiException;
  }
}
