package io.streamfleet.worker.telemetry;

import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.TraceContext;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import java.util.Optional;

/** No spans: the context that came with an entry goes to what follows from it. */
public final class NoTracing implements Tracing {

  /** The only one. */
  public static final Tracing OFF = new NoTracing();

  private NoTracing() {}

  @Override
  public void begin(Entry entry) {}

  @Override
  public void end(Entry entry, Outcome outcome) {}

  @Override
  public Sending emission(Entry entry, String stream) {
    return new Unrecorded(entry.trace());
  }

  @Override
  public Sending deadLetter(Entry entry, String stream, String reason) {
    return Unrecorded.WITHOUT_CONTEXT;
  }

  @Override
  public MessageHandler current(MessageHandler handler) {
    return handler;
  }

  @Override
  public void close() {}

  /** A message of which no span is recorded. */
  record Unrecorded(Optional<TraceContext> context) implements Sending {

    static final Unrecorded WITHOUT_CONTEXT = new Unrecorded(Optional.empty());

    @Override
    public void end(String failure) {}
  }
}
