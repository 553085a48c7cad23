package io.streamfleet.worker.entry;

/** The span of an attempt that is recorded; only what has made it knows more of it. */
public interface Recording {}
