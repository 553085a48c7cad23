package io.streamfleet.worker.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.TraceContext;
import io.streamfleet.process.log.Sparingly;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.entry.Recording;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.metrics.HandlerOutcome;
import io.streamfleet.worker.metrics.SpanMetrics;
import io.streamfleet.worker.telemetry.NoTracing.Unrecorded;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records spans by OpenTelemetry. What is not sampled costs no call of it: the decision falls here,
 * before a span is made.
 */
final class SpanTracing implements Tracing {

  private static final Logger LOG = LoggerFactory.getLogger(SpanTracing.class);

  /** A bug here would fail for each entry. */
  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);

  private final Tracer tracer;
  private final Sampling sampling;
  private final Destinations destinations;
  private final Runnable closing;
  private final Map<StreamConsumer, Source> sources = new ConcurrentHashMap<>();
  private final Sparingly failing = new Sparingly(BETWEEN_LINES, System::nanoTime);

  /** What is the same for all entries of a stream. */
  private record Source(String span, Attributes attributes) {}

  /** An attempt that is recorded. */
  private record Attempt(Span span, Context context) implements Recording {}

  /**
   * @param closing exports what is left
   */
  SpanTracing(Tracer tracer, Sampling sampling, Destinations destinations, Runnable closing) {
    this.tracer = tracer;
    this.sampling = sampling;
    this.destinations = destinations;
    this.closing = closing;
  }

  /** Starts the exporter. */
  static SpanTracing start(
      TelemetrySettings settings,
      TracedProcess process,
      Destinations destinations,
      SpanMetrics metrics) {
    SpanSdk sdk = SpanSdk.start(settings, process, metrics);
    return new SpanTracing(
        sdk.tracer(process.version()), settings.sampling(), destinations, sdk::close);
  }

  @Override
  public void begin(Entry entry) {
    entry.recording(null);
    try {
      TraceContext published = entry.publishedTrace().orElse(null);
      if (published == null) {
        String traceId = TraceIds.of(entry);
        if (sampling.begins(traceId)) {
          RootIds.during(traceId, () -> record(entry, Context.root(), ""));
        } else {
          entry.trace(unrecorded(traceId, spanId(), ""));
        }
      } else if (sampling.records(published)) {
        record(entry, parent(published), published.tracestate());
      } else if (published.sampled()) {
        entry.trace(unrecorded(published.traceId(), published.parentId(), published.tracestate()));
      } else {
        entry.trace(published);
      }
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private static TraceContext unrecorded(String traceId, String spanId, String state) {
    return new TraceContext("00-" + traceId + "-" + spanId + "-00", state);
  }

  private static String spanId() {
    // One of 2^64 would be zeros; an id must not be.
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1);
  }

  /** As sampled, whatever its flag says: that was decided already. */
  private static Context parent(TraceContext trace) {
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.createFromRemoteParent(
                    trace.traceId(),
                    trace.parentId(),
                    TraceFlags.getSampled(),
                    TraceState.getDefault())));
  }

  private void record(Entry entry, Context parent, String state) {
    Source source = sources.computeIfAbsent(entry.streamName(), this::source);
    SpanBuilder builder =
        tracer
            .spanBuilder(source.span())
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(parent)
            .setAllAttributes(source.attributes())
            .setAttribute(Conventions.MESSAGE_ID, entry.id())
            .setAttribute(Conventions.BODY_SIZE, (long) entry.bytes())
            .setAttribute(Conventions.ATTEMPT, (long) entry.attempt())
            .setAttribute(Conventions.CHANNEL, entry.channel());
    String traceId = entry.traceIdOrNull();
    if (traceId != null) {
      builder.setAttribute(Conventions.TRACE_ID, traceId);
    }
    Span span = builder.startSpan();
    entry.recording(new Attempt(span, Context.root().with(span)));
    entry.trace(contextOf(span, state));
  }

  private Source source(StreamConsumer stream) {
    Destinations.Destination destination = destinations.of(stream.stream());
    return new Source(
        "process " + destination.name(),
        Conventions.processing(destination, stream.group(), stream.consumer()));
  }

  private static TraceContext contextOf(Span span, String state) {
    SpanContext context = span.getSpanContext();
    return new TraceContext(
        "00-" + context.getTraceId() + "-" + context.getSpanId() + "-01", state);
  }

  @Override
  public void end(Entry entry, Outcome outcome) {
    if (!(entry.recording() instanceof Attempt(Span span, Context context))) {
      return;
    }
    try {
      HandlerOutcome kind = HandlerOutcome.of(outcome);
      if (kind != null) {
        span.setAttribute(Conventions.OUTCOME, kind.label());
      }
      switch (outcome) {
        case Outcome.Success _, Outcome.NotPermitted _, Outcome.NotRun _ -> {}
        case Outcome.Failed it -> error(span, kind, it.failure());
        case Outcome.BatchFailed(var failure) -> error(span, kind, failure);
        case Outcome.Hindered it -> error(span, kind, it.failure());
        case Outcome.Limited(var failure, var _) -> span.addEvent(failure);
        case Outcome.Interrupted(var why) -> span.addEvent("interrupted: " + why);
      }
      span.end();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private static void error(Span span, @Nullable HandlerOutcome kind, String failure) {
    span.setStatus(StatusCode.ERROR, failure);
    span.setAttribute(Conventions.ERROR_TYPE, kind == null ? "_OTHER" : kind.label());
    span.addEvent("exception", Attributes.of(Conventions.EXCEPTION_MESSAGE, failure));
  }

  @Override
  public Sending emission(Entry entry, String stream) {
    return entry.recording() instanceof Attempt(Span _, Context context)
        ? sending(entry, context, stream, Attributes.empty())
        : new Unrecorded(entry.trace());
  }

  @Override
  public Sending deadLetter(Entry entry, String stream, String reason) {
    return entry.recording() instanceof Attempt(Span _, Context context)
        ? sending(entry, context, stream, Attributes.of(Conventions.DEAD_LETTER_REASON, reason))
        : Unrecorded.WITHOUT_CONTEXT;
  }

  private Sending sending(Entry entry, Context attempt, String stream, Attributes more) {
    try {
      Span span =
          tracer
              .spanBuilder("send " + stream)
              .setSpanKind(SpanKind.PRODUCER)
              .setParent(attempt)
              .setAllAttributes(Conventions.sending(stream, entry.streamName().consumer()))
              .setAllAttributes(more)
              .startSpan();
      String state = entry.trace().map(TraceContext::tracestate).orElse("");
      return new Recorded(span, Optional.of(contextOf(span, state)));
    } catch (RuntimeException | Error e) {
      failed(e);
      return new Unrecorded(entry.trace());
    }
  }

  private record Recorded(Span span, Optional<TraceContext> context) implements Sending {

    @Override
    public void end(String failure) {
      if (!failure.isEmpty()) {
        span.setStatus(StatusCode.ERROR, failure);
      }
      span.end();
    }
  }

  @Override
  public MessageHandler current(MessageHandler handler) {
    return message -> {
      Context context = contextOf(message);
      if (context == null) {
        return handler.handle(message);
      }
      try (Scope _ = context.makeCurrent()) {
        return handler.handle(message);
      }
    };
  }

  /** Without a span of its own, libraries must find that the trace is not recorded. */
  private static @Nullable Context contextOf(Message message) {
    if (!(message instanceof Entry entry)) {
      return null;
    }
    if (entry.recording() instanceof Attempt(Span _, Context context)) {
      return context;
    }
    return entry
        .trace()
        .map(
            it ->
                Context.root()
                    .with(
                        Span.wrap(
                            SpanContext.createFromRemoteParent(
                                it.traceId(),
                                it.parentId(),
                                TraceFlags.getDefault(),
                                TraceState.getDefault()))))
        .orElse(null);
  }

  private void failed(Throwable bug) {
    failing.say(
        unsaid ->
            LOG.atError()
                .addKeyValue("unsaid", unsaid)
                .setCause(bug)
                .log("a span could not be recorded"));
  }

  @Override
  public void close() {
    closing.run();
  }
}
