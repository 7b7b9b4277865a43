package io.approvalhub.plugin;

import java.util.Optional;

/// A chat platform that can carry approvals, such as `telegram`.
///
/// The hub finds implementations by [java.util.ServiceLoader]: name the class in
/// `META-INF/services/io.approvalhub.plugin.NotificationPlugin` and give it a public constructor
/// without parameters. A jar in the folder that `plugins.dir` names is loaded the same way, by a
/// class loader that shows it the JDK, this package and its own jars.
///
/// One instance lives as long as the hub. All methods are called on the hub's starting thread.
public interface NotificationPlugin {

  /// The word by which the operator asks for this plugin, in `channels.<name>.plugin`.
  ///
  /// Called several times; always the same answer: lower case letters, digits and dashes. The hub
  /// does not start with two plugins of one name.
  String name();

  /// Opens one configured place on the platform.
  ///
  /// Called once for each channel of this plugin, while the hub starts. It reads every setting that
  /// it knows and returns at once: a platform that is down is no reason not to start, so whatever
  /// needs the network is done by [Channel#post], or by a connection handed to [Hub#connect].
  ///
  /// @param settings the operator's settings of this channel. A setting that `open` did not read is
  ///     unknown, and stops the start
  /// @param hub what this channel may ask of the hub; keep it
  /// @throws InvalidSettingException when a setting is missing or malformed; it stops the start
  Channel open(Settings settings, Hub hub);

  /// What is wrong with `id` as the id by which this platform knows a person, such as a name that
  /// its owner can change.
  ///
  /// Called once for each id of this platform in `people`, before any channel is opened, and never
  /// with a blank one. An id that cannot be one stops the start: that person could never decide.
  /// Whether there is such a person is not asked. The default takes any text.
  ///
  /// @return the rest of the sentence after the key, such as `must be a number such as 42424242`,
  ///     to which the hub adds the id; empty when the id can be one
  default Optional<String> personIdProblem(String id) {
    return Optional.empty();
  }

  /// What stands in for this platform in a rehearsal.
  ///
  /// Called when the hub was built and never while it serves. A plugin without one is not
  /// rehearsed, and its first message takes a moment longer; that is the default.
  default Optional<StandIn> standIn() {
    return Optional.empty();
  }
}
