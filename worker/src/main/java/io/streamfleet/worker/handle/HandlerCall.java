package io.streamfleet.worker.handle;

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
 * Calls the user's code, and reads all that it returns or throws, on the handler's thread. Lazy
 * collections, getters that throw, maps that another thread changes: what goes wrong here is the
 * message's failure, while it would end a task of the loop there.
 */
public final class HandlerCall {

  private final MessageHandler handler;
  private final PayloadWriter writer = new PayloadWriter();

  public HandlerCall(MessageHandler handler) {
    this.handler = handler;
  }

  /** Never throws: an entry without an outcome would hold up its channel for ever. */
  public Outcome of(Entry entry) {
    try {
      Handled handled = handler.handle(entry);
      return handled == null ? Outcome.Success.NOTHING_TO_EMIT : success(handled.outbound());
    } catch (Throwable e) {
      return failure(e);
    }
  }

  /** The outcome of what the handler came to without being called here; never throws. */
  Outcome of(Handled handled) {
    try {
      return success(handled.outbound());
    } catch (Throwable e) {
      return failure(e);
    }
  }

  /** The same of what it failed by. */
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
      return new Outcome.Permanent("the handler emitted what cannot be written: " + e.getMessage());
    }
    return new Outcome.Success(List.copyOf(emitted));
  }

  /** Written by code that knows no null check, so either part may be missing. */
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
      case HandlerUnavailable e -> new Outcome.Unavailable(text, retryAfter(e::retryAfter));
      // Errors too, such as a stack overflow or a class that is missing.
      default -> new Outcome.Transient(text, Optional.empty());
    };
  }

  /** A subclass may answer with null, or throw: then nobody has asked for a wait. */
  private static Optional<Duration> retryAfter(Supplier<?> asked) {
    try {
      return asked.get() instanceof Optional<?> wish && wish.orElse(null) instanceof Duration wait
          ? Optional.of(wait)
          : Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.empty();
    }
  }
}
