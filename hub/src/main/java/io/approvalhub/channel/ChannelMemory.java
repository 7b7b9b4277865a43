package io.approvalhub.channel;

import io.approvalhub.database.Database;
import jakarta.inject.Singleton;
import java.util.Optional;

/// The small durable state of channels.
@Singleton
final class ChannelMemory {

  private final Database database;

  ChannelMemory(Database database) {
    this.database = database;
  }

  Optional<String> get(String channel, String name) {
    return database.read(
        handle ->
            handle
                .createQuery("SELECT value FROM saved WHERE channel = ? AND name = ?")
                .bind(0, channel)
                .bind(1, name)
                .mapTo(String.class)
                .findOne());
  }

  void put(String channel, String name, String value) {
    database.change(
        handle ->
            handle.execute(
                """
                INSERT INTO saved (channel, name, value) VALUES (?, ?, ?)
                ON CONFLICT (channel, name) DO UPDATE SET value = excluded.value\
                """,
                channel,
                name,
                value));
  }
}
