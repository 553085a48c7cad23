package io.streamfleet.testkit;

import io.streamfleet.handler.Direction;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.redis.EntryId;
import io.streamfleet.wire.HeaderScan;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.wire.Undecodable;
import io.streamfleet.wire.WirePayload;
import io.streamfleet.worker.entry.EmittedMessage;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import io.streamfleet.worker.entry.RawEntry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.handle.HandlerCall;
import java.util.Map;
import java.util.Optional;

/**
 * Calls a handler in Java as a worker does: what it gets was written as msgpack and read again, and
 * what it returns or throws is judged and written in the same way. No Redis, no manifest.
 *
 * <pre>{@code
 * try (HandlerTrial trial = HandlerTrial.of(new Greeter(), Map.of("greeting", "Servus"))) {
 *   TrialOutcome outcome = trial.handle(Map.of("platform", "discord", "channel_id", "general"));
 *   assertEquals(new TrialOutcome.Done(List.of(new OutboundMessage("discord", ...))), outcome);
 * }
 * }</pre>
 *
 * <p>The handler is called on the thread of the caller. Safe for any thread, as far as the handler
 * is.
 */
public final class HandlerTrial implements AutoCloseable {

  private final MessageHandler handler;
  private final HandlerCall call;
  private final HeaderScan scan = new HeaderScan("channel_id");
  private final PayloadWriter writer = new PayloadWriter();

  private HandlerTrial(MessageHandler handler) {
    this.handler = handler;
    this.call = new HandlerCall(handler);
  }

  /** Starts a handler without options. */
  public static HandlerTrial of(MessageHandler handler) throws Exception {
    return of(handler, Map.of());
  }

  /**
   * Starts a handler.
   *
   * @param options as {@code handler.options} of a manifest
   * @throws Exception what its {@code start} throws
   */
  public static HandlerTrial of(MessageHandler handler, Map<String, String> options)
      throws Exception {
    handler.start(new HandlerContext(Direction.INBOUND, "trial", Map.copyOf(options)));
    return new HandlerTrial(handler);
  }

  /** Hands it a message of {@code sg:stream:inbound} in its first attempt. */
  public TrialOutcome handle(Map<String, Object> payload) {
    return handle(Delivery.USUAL, payload);
  }

  /**
   * Hands it a message.
   *
   * @param payload what it is made of; {@code channel_id} is its channel
   * @throws IllegalArgumentException if a worker would not hand over such a message: it would be a
   *     dead letter
   */
  public TrialOutcome handle(Delivery delivery, Map<String, Object> payload) {
    byte[] data = writer.write(payload);
    StreamConsumer stream =
        new StreamConsumer(delivery.direction(), delivery.stream(), "sg:workers", "trial");
    RawEntry raw =
        new RawEntry(
            EntryId.parse(delivery.id()),
            delivery.attempt(),
            RawEntry.Content.WHOLE,
            data,
            null,
            null);
    try {
      return outcome(call.of(new Entry(stream, raw, data, scan.scan(data), 0, 0)));
    } catch (Undecodable e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static TrialOutcome outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Success(var emitted) ->
          new TrialOutcome.Done(emitted.stream().map(HandlerTrial::read).toList());
      case Outcome.Transient(var failure, var after) -> new TrialOutcome.TryAgain(failure, after);
      case Outcome.Broken(var failure) -> new TrialOutcome.TryAgain(failure, Optional.empty());
      case Outcome.Unavailable(var failure, var after) ->
          new TrialOutcome.Unavailable(failure, after);
      case Outcome.Permanent(var failure) -> new TrialOutcome.NeverAgain(failure);
      case Outcome.Hindered(var fault, var failure) ->
          new TrialOutcome.TryAgain(fault.label() + ": " + failure, Optional.empty());
      case Outcome.Interrupted _, Outcome.NotRun _ ->
          new TrialOutcome.TryAgain("interrupted", Optional.empty());
    };
  }

  private static OutboundMessage read(EmittedMessage message) {
    return new OutboundMessage(message.platform(), new WirePayload(message.data()).toMap());
  }

  /** Closes the handler. */
  @Override
  public void close() throws Exception {
    handler.close();
  }
}
