/// What a plugin is tested with: a contract that every plugin extends, a hub in memory, and one
/// [FakePlatform] for each platform.
@NullMarked
package io.approvalhub.testkit;

import org.jspecify.annotations.NullMarked;
