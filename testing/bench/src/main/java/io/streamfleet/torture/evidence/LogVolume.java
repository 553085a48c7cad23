package io.streamfleet.torture.evidence;

/**
 * The number of log lines of a worker in one second, without the lines about single entries.
 *
 * @param second since the start of the run
 * @param lines of its log
 */
public record LogVolume(String worker, long second, int lines) {}
