package io.approvalhub.approval;

/// The names of those who are shown an approval, as the store knows them.
public final class Target {

  private static final String CHANNEL = "channel:";
  private static final String AGENT = "agent:";

  private Target() {}

  public static String channel(String name) {
    return CHANNEL + name;
  }

  public static String agent(String name) {
    return AGENT + name;
  }
}
