package io.streamfleet.worker.fleet;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Remembers what it handled, in order, and whether two messages of a channel were ever with
 * handlers at once. Several workers may share one.
 */
public final class RecordingHandler implements MessageHandler {

  /** What to do with a message. */
  public interface Behaviour {
    Handled handle(Message message) throws Exception;
  }

  /**
   * A call of the handler.
   *
   * @param number the payload's field {@code n}, or -1
   */
  public record Call(String id, String stream, String channel, int attempt, long number) {}

  private final Behaviour behaviour;
  private final List<Call> started = new ArrayList<>();
  private final List<Call> finished = new ArrayList<>();
  private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();
  private final List<String> overlaps = new ArrayList<>();

  public RecordingHandler(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  /** Handles everything at once, with nothing to emit. */
  public static RecordingHandler instant() {
    return new RecordingHandler(message -> Handled.nothing());
  }

  @Override
  public Handled handle(Message message) throws Exception {
    Object n = message.payload().toMap().get("n");
    Call call =
        new Call(
            message.id(),
            message.stream(),
            message.channel(),
            message.attempt(),
            n instanceof Number number ? number.longValue() : -1);
    AtomicInteger count = inside.computeIfAbsent(call.channel(), c -> new AtomicInteger());
    synchronized (this) {
      started.add(call);
    }
    if (count.incrementAndGet() > 1) {
      synchronized (this) {
        overlaps.add(call.channel() + " at " + call.id());
      }
    }
    try {
      Handled handled = behaviour.handle(message);
      synchronized (this) {
        finished.add(call);
      }
      return handled;
    } finally {
      count.decrementAndGet();
    }
  }

  /** Calls that began, in order. */
  public synchronized List<Call> started() {
    return List.copyOf(started);
  }

  /** Calls that ended well, in order. */
  public synchronized List<Call> finished() {
    return List.copyOf(finished);
  }

  /** The field {@code n} of messages of a channel that were handled well, in order. */
  public List<Long> numbers(String channel) {
    return finished().stream().filter(c -> c.channel().equals(channel)).map(Call::number).toList();
  }

  /** The same of each channel. */
  public Map<String, List<Long>> numbers() {
    return finished().stream()
        .collect(
            Collectors.groupingBy(
                Call::channel, Collectors.mapping(Call::number, Collectors.toList())));
  }

  /** Where two messages of a channel were with handlers at once; empty as it should be. */
  public synchronized List<String> overlaps() {
    return List.copyOf(overlaps);
  }
}
