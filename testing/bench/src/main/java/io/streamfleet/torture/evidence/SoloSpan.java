package io.streamfleet.torture.evidence;

/** A span in which a single worker ran without faults: order is strict within it. */
public record SoloSpan(String worker, long from, long to) {}
