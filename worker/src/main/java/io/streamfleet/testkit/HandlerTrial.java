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
 * Calls a Java handler as a worker does, without Redis and without a manifest. The payload is
 * encoded as msgpack and decoded again before the call. What the handler returns or throws is
 * classified as in a worker, and the messages that it emits are encoded as in a worker.
 *
 * <pre>{@code
 * try (HandlerTrial trial = HandlerTrial.of(new Greeter(), Map.of("greeting", "Servus"))) {
 *   TrialOutcome outcome = trial.handle(Map.of("platform", "discord", "channel_id", "general"));
 *   assertEquals(new TrialOutcome.Done(List.of(new OutboundMessage("discord", ...))), outcome);
 * }
 * }</pre>
 *
 * <p>The handler runs on the calling thread. Thread-safe if the handler is.
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
   * @throws Exception whatever {@code MessageHandler.start} throws
   */
  public static HandlerTrial of(MessageHandler handler, Map<String, String> options)
      throws Exception {
    handler.start(new HandlerContext(Direction.INBOUND, "trial", Map.copyOf(options)));
    return new HandlerTrial(handler);
  }

  /** Delivers a message of {@code sg:stream:inbound} in its first attempt. */
  public TrialOutcome handle(Map<String, Object> payload) {
    return handle(Delivery.USUAL, payload);
  }

  /**
   * Delivers a message.
   *
   * @param payload the fields of the payload; {@code channel_id} names the channel
   * @throws IllegalArgumentException if a worker could not decode such a payload and would write a
   *     dead letter without calling the handler
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
      case Outcome.BatchFailed(var failure) -> new TrialOutcome.TryAgain(failure, Optional.empty());
      case Outcome.Unavailable(var failure, var after) ->
          new TrialOutcome.Unavailable(failure, after);
      case Outcome.Limited(var failure, var after) ->
          new TrialOutcome.ChannelLimited(failure, after);
      case Outcome.Permanent(var failure) -> new TrialOutcome.NeverAgain(failure);
      case Outcome.Hindered(var fault, var failure) ->
          new TrialOutcome.TryAgain(fault.label() + ": " + failure, Optional.empty());
      case Outcome.Interrupted _, Outcome.NotPermitted _, Outcome.NotRun _ ->
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
