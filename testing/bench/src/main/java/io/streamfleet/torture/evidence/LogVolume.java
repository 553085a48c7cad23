package io.streamfleet.torture.evidence;

/**
 * What a worker had to say in a second, of itself: not what it says of an entry, of which there are
 * as many as there are.
 *
 * @param second since the run began
 * @param lines of its log
 */
public record LogVolume(String worker, long second, int lines) {}
