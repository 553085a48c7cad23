package io.streamfleet.torture.evidence;

/** A dead letter. */
public record Letter(EntryKey entry, String reason, int attempt, String consumer, String error) {}
