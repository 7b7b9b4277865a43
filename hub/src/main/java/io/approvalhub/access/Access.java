package io.approvalhub.access;

import io.micronaut.context.BeanProvider;
import jakarta.inject.Singleton;

/// Who may decide at all: the holder of an operator's key through the API, a person that a
/// channel's platform vouches for through that channel, and nobody else by any way in. Which of
/// them may decide an approval, its terms say.
@Singleton
public final class Access {

  private final BeanProvider<Approvers> approvers;

  Access(BeanProvider<Approvers> approvers) {
    this.approvers = approvers;
  }

  public Permission mayDecide(Actor actor) {
    return switch (actor) {
      case Actor.KeyHolder(var caller) -> mayDecide(caller);
      case Actor.Clicker(var channel, var person) ->
          approvers
              .get()
              .name(channel, person.id())
              .<Permission>map(Permission.Granted::new)
              .orElse(new Permission.Refused("You may not decide here"));
    };
  }

  private static Permission mayDecide(Caller caller) {
    return caller.role() == Role.OPERATOR
        ? new Permission.Granted(caller.getName())
        : new Permission.Refused("Only an operator's key may decide");
  }
}
