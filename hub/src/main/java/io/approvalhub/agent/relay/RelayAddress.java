package io.approvalhub.agent.relay;

/// Where a client calls an agent: `/agents/{name}/…` or `/agents/{name}/key={key}/…`.
///
/// @param agent the name, as it is written
/// @param path as the agent is to see it
record RelayAddress(String agent, RawPath path) {

  private static final String ROOT = "agents";
  private static final String KEY = "key=";

  /// @param path as it was written, perhaps below the hub's context path
  static RelayAddress of(String path) {
    var whole = RawPath.of(path);
    var inner = whole.after(whole.segments().indexOf(ROOT) + 1);
    var rest = inner.after(1);
    var hasKey = !rest.segments().isEmpty() && rest.segments().getFirst().startsWith(KEY);
    var name = inner.segments().isEmpty() ? "" : inner.segments().getFirst();
    return new RelayAddress(name, hasKey ? rest.after(1) : rest);
  }
}
