package io.streamfleet.kubelet;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * What all pods of a kubelet share.
 *
 * @param pods the folder of their files
 * @param logs the folder of their logs, which stay
 * @param listeners for their processes
 */
record Surroundings(
    Path pods,
    Path logs,
    RestartPace pace,
    ChildProcesses children,
    HttpLook http,
    Clock clock,
    List<ProcessListener> listeners) {}
