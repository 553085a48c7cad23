package io.streamfleet.kubelet;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;

/**
 * What all pods of a kubelet have in common.
 *
 * @param pods the folder of their files
 * @param logs the folder of their logs, which stay
 */
record Surroundings(
    Path pods, Path logs, RestartPace pace, ChildProcesses children, HttpLook http, Clock clock) {

  /** The variables of this process that every process needs. */
  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ");

  Set<String> inherited() {
    return INHERITED;
  }
}
