package io.approvalhub.approval;

import io.approvalhub.plugin.Verdict;
import java.util.Optional;

/// What somebody wants decided.
///
/// @param reason in their words
/// @param arguments JSON that replaces the tool call's arguments as a whole
/// @param remember approve similar calls too
public record Ruling(
    Verdict verdict, Optional<String> reason, Optional<String> arguments, boolean remember) {

  public static final int LONGEST_REASON = 3000;
}
