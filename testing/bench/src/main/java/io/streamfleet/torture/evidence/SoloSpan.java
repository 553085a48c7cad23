package io.streamfleet.torture.evidence;

/** A span in which one worker was alone and left in peace: order is strict in it. */
public record SoloSpan(String worker, long from, long to) {}
