package io.streamfleet.worker.entry;

import io.streamfleet.handler.TraceContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place of an entry in a distributed trace. Set by the thread that starts the handler, and read
 * there and, when the handler has ended, by the pipeline's loop.
 */
public abstract class Traced extends Interruptible {

  private final @Nullable TraceContext published;
  private @Nullable TraceContext trace;
  private @Nullable Recording recording;

  /**
   * @param published the context that came with the entry
   */
  Traced(@Nullable TraceContext published) {
    this.published = published;
    this.trace = published;
  }

  /** The trace's context as its publisher wrote it. */
  public final Optional<TraceContext> publishedTrace() {
    return Optional.ofNullable(published);
  }

  /** The context for what follows from this entry. */
  public final Optional<TraceContext> trace() {
    return Optional.ofNullable(trace);
  }

  /** Sets the context for what follows from this entry. */
  public final void trace(TraceContext context) {
    trace = context;
  }

  /** The span of its last attempt, if that is recorded. */
  public final @Nullable Recording recording() {
    return recording;
  }

  /** The position of the last attempt in its trace, if that is recorded; else null. */
  public final @Nullable TraceContext recordedTrace() {
    return recording == null ? null : trace;
  }

  public final void recording(@Nullable Recording span) {
    recording = span;
  }
}
