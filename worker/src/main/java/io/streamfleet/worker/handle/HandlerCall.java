package io.streamfleet.worker.handle;

import io.streamfleet.handler.ChannelLimited;
import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.wire.PayloadWriter;
import io.streamfleet.wire.Unwritable;
import io.streamfleet.worker.entry.EmittedMessage;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.MachineFault;
import io.streamfleet.worker.entry.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls the user's code, and reads everything that it returns or throws on the handler's thread.
 * Lazy collections, getters that throw, maps that another thread modifies: an exception here is a
 * failure of the message; on the pipeline's loop it would abort a task of the loop.
 */
public final class HandlerCall {

  private final MessageHandler handler;
  private final PayloadWriter writer = new PayloadWriter();

  public HandlerCall(MessageHandler handler) {
    this.handler = handler;
  }

  /** Never throws: an entry without an outcome would block its channel for ever. */
  public Outcome of(Entry entry) {
    try {
      Handled handled = handler.handle(entry);
      return handled == null ? Outcome.Success.NOTHING_TO_EMIT : success(handled.outbound());
    } catch (Throwable e) {
      return failure(e);
    }
  }

  /** The outcome of a result that a handler returned elsewhere. Never throws. */
  Outcome of(Handled handled) {
    try {
      return success(handled.outbound());
    } catch (Throwable e) {
      return failure(e);
    }
  }

  /** The outcome of a failure that a handler threw elsewhere. Never throws. */
  Outcome of(Throwable failure) {
    return failure(failure);
  }

  private Outcome success(List<OutboundMessage> outbound) {
    if (outbound.isEmpty()) {
      return Outcome.Success.NOTHING_TO_EMIT;
    }
    List<EmittedMessage> emitted = new ArrayList<>(outbound.size());
    try {
      for (OutboundMessage message : outbound) {
        emitted.add(written(message));
      }
    } catch (Unwritable e) {
      return new Outcome.Permanent(
          "the handler emitted a message that cannot be encoded: " + e.getMessage());
    }
    return new Outcome.Success(List.copyOf(emitted));
  }

  /** User code is not checked for nulls, so either part may be missing. */
  private EmittedMessage written(OutboundMessage message) {
    @Nullable Object platform = message.platform();
    @Nullable Object payload = message.payload();
    if (platform == null || payload == null) {
      throw new Unwritable("a message without " + (platform == null ? "platform" : "payload"));
    }
    return new EmittedMessage(message.platform(), writer.write(message.payload()));
  }

  private static Outcome failure(Throwable thrown) {
    String text = FailureText.of(thrown);
    Optional<MachineFault> fault = MachineFaults.in(thrown);
    if (fault.isPresent()) {
      return new Outcome.Hindered(fault.get(), text);
    }
    return switch (thrown) {
      case PermanentFailure _ -> new Outcome.Permanent(text);
      case ConnectionBroke _ -> new Outcome.Broken(text);
      case TransientFailure e -> new Outcome.Transient(text, retryAfter(e::retryAfter));
      case ChannelLimited e -> new Outcome.Limited(text, retryAfter(e::retryAfter));
      case HandlerUnavailable e -> new Outcome.Unavailable(text, retryAfter(e::retryAfter));
      // Including errors, such as a stack overflow or a missing class.
      default -> new Outcome.Transient(text, Optional.empty());
    };
  }

  /** A subclass may return null or throw: then there is no delay. */
  private static Optional<Duration> retryAfter(Supplier<?> asked) {
    try {
      return asked.get() instanceof Optional<?> delay && delay.orElse(null) instanceof Duration wait
          ? Optional.of(wait)
          : Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.empty();
    }
  }
}
