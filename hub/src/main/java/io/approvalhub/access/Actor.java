package io.approvalhub.access;

import io.approvalhub.plugin.Person;

/// Who wants to decide, before anybody has asked whether they may.
public sealed interface Actor {

  /// The way in: a channel's name, or `api`.
  String via();

  /// Where it comes from: the platform's id of the person, or the name of the key.
  String account();

  /// The holder of a key, through the API.
  record KeyHolder(Caller caller) implements Actor {
    @Override
    public String via() {
      return "api";
    }

    @Override
    public String account() {
      return caller.key();
    }
  }

  /// A person on a platform, through a channel that vouches for the id.
  record Clicker(String channel, Person person) implements Actor {
    @Override
    public String via() {
      return channel;
    }

    @Override
    public String account() {
      return person.id();
    }
  }
}
