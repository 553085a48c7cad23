package io.streamfleet.worker.handle;

import io.streamfleet.api.Builtin;
import io.streamfleet.api.HandlerSpec;
import io.streamfleet.api.HttpHandlerSpec;
import io.streamfleet.api.InboundSpec;
import io.streamfleet.api.OutboundSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.handler.Direction;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.worker.http.HttpLoops;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Creates the handlers of a manifest. */
public final class Handlers implements HandlerFactory {

  private final String consumer;
  private final Clock clock;
  private final AnswerWarnings doubts;
  private final ExchangeMemory memory = ExchangeMemory.ofThisProcess();
  private @Nullable HttpLoops loops;
  private final Map<Direction, List<HttpHandler>> made = new ConcurrentHashMap<>();
  private final HandlerLookup lookup = new HandlerLookup(Handlers.class.getClassLoader());

  /**
   * @param consumer the consumer name of this worker
   * @param doubts notified of answers that look like a mistake
   */
  public Handlers(String consumer, Clock clock, AnswerWarnings doubts) {
    this.doubts = doubts;
    this.consumer = consumer;
    this.clock = clock;
  }

  @Override
  public MessageHandler inbound(HandlerSpec spec) throws UnusableHandler, InterruptedException {
    return make(spec, Direction.INBOUND, null);
  }

  @Override
  public MessageHandler outbound(HandlerSpec spec, String platform)
      throws UnusableHandler, InterruptedException {
    return make(spec, Direction.OUTBOUND, platform);
  }

  @Override
  public void change(StreamConsumerGroupSpec settings) {
    InboundSpec inbound = settings.inbound();
    if (inbound != null) {
      timeout(Direction.INBOUND, inbound.handler());
    }
    OutboundSpec outbound = settings.outbound();
    if (outbound != null) {
      timeout(Direction.OUTBOUND, outbound.handler());
    }
  }

  private void timeout(Direction direction, HandlerSpec spec) {
    HttpHandlerSpec http = spec.http();
    if (http != null) {
      made.getOrDefault(direction, List.of()).forEach(it -> it.timeout(http.timeout()));
    }
  }

  private MessageHandler make(HandlerSpec spec, Direction direction, @Nullable String platform)
      throws UnusableHandler, InterruptedException {
    HttpHandlerSpec http = spec.http();
    Builtin builtin = spec.builtin();
    String className = spec.className();
    if (http != null) {
      return http(http, direction, platform);
    }
    if (className != null) {
      return lookup.start(className, new HandlerContext(direction, consumer, spec.options()));
    }
    if (builtin != null) {
      return switch (builtin) {
        case Log -> new LogHandler();
        case Echo -> new EchoHandler();
        case Discard -> new DiscardHandler();
      };
    }
    throw new UnusableHandler("spec." + direction.label() + ".handler names no handler");
  }

  /** Created when the first handler needs them, and stopped when the last one is closed. */
  private HttpLoops loops() {
    HttpLoops there = loops;
    if (there == null) {
      there = new HttpLoops();
      loops = there;
    }
    return there;
  }

  private MessageHandler http(HttpHandlerSpec http, Direction direction, @Nullable String platform)
      throws UnusableHandler {
    try {
      Endpoint endpoint =
          platform == null
              ? Endpoint.of(http.url(), http.headers())
              : Endpoint.forPlatform(http.url(), platform, http.headers());
      HttpHandler handler =
          new HttpHandler(
              endpoint, http.batch(), http.timeout(), consumer, memory, loops(), clock, doubts);
      made.computeIfAbsent(direction, _ -> new CopyOnWriteArrayList<>()).add(handler);
      return handler;
    } catch (IllegalArgumentException e) {
      throw new UnusableHandler(
          "spec." + direction.label() + ".handler.http: " + e.getMessage(), e);
    }
  }
}
