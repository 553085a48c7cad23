package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.loop.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for entries behind the last ones of partitions, of all that have nothing to read in one
 * {@code XREAD}, which delivers nothing to the group. In a Cluster a partition needs one of its
 * own. Belongs to the loop.
 */
public final class ArrivalWait {

  /**
   * How long a partition that has nothing to read waits to join a wait that is on its way already,
   * where the server does not let us end that.
   */
  private static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);

  private final EventLoop loop;
  private final Link link;
  private final Link commands;
  private final Duration block;
  private final Map<String, Waiter> waiters = new LinkedHashMap<>();
  private boolean isPlanned;
  private boolean isUnderWay;
  private boolean isEnded;

  private record Waiter(String last, long since, Consumer<@Nullable Throwable> then) {}

  /**
   * @param link a connection for nothing else, since a wait holds up what is behind it
   * @param commands the connection by which that wait is ended when there is more to wait for
   * @param block after so long a wait is in vain
   */
  public ArrivalWait(EventLoop loop, Link link, Link commands, Duration block) {
    this.loop = loop;
    this.link = link;
    this.commands = commands;
    this.block = block;
  }

  /**
   * Waits for an entry of a stream behind its last one.
   *
   * @param then hears on the loop that there may be one, or of the failure
   */
  void await(String stream, String last, Consumer<@Nullable Throwable> then) {
    loop.assertOwned();
    waiters.put(stream, new Waiter(last, loop.now(), then));
    if (isUnderWay && !isEnded) {
      isEnded = true;
      link.unblockFrom(commands);
    } else if (!isUnderWay && !isPlanned) {
      // After this turn: others have run dry in it, too.
      isPlanned = true;
      loop.execute(
          () -> {
            isPlanned = false;
            send();
          });
    }
  }

  /** Nobody waits for a stream any more. */
  void cancel(String stream) {
    waiters.remove(stream);
  }

  private void send() {
    if (waiters.isEmpty() || isUnderWay) {
      return;
    }
    isUnderWay = true;
    isEnded = false;
    List<String> streams = new ArrayList<>(waiters.keySet());
    Duration longest = block.compareTo(LONGEST_BLOCK) < 0 ? block : LONGEST_BLOCK;
    CommandArgs<String, byte[]> args =
        Link.args().add("COUNT").add(1).add("BLOCK").add(longest.toMillis()).add("STREAMS");
    streams.forEach(args::addKey);
    waiters.values().forEach(waiter -> args.add(waiter.last()));
    link.list(CommandType.XREAD, args)
        .whenComplete((found, failure) -> loop.execute(() -> answered(streams, found, failure)));
  }

  private void answered(
      List<String> asked, @Nullable List<Object> found, @Nullable Throwable failure) {
    isUnderWay = false;
    Set<String> over = failure == null ? streamsIn(found) : Set.copyOf(asked);
    long now = loop.now();
    for (String stream : asked) {
      Waiter waiter = waiters.get(stream);
      if (waiter == null) {
        continue;
      }
      boolean inVain = now - waiter.since() >= block.toNanos();
      if (over.contains(stream) || inVain) {
        waiters.remove(stream);
        waiter.then().accept(failure);
      }
    }
    send();
  }

  /**
   * A reply is a list of pairs, or a map, by the protocol; or nil, as a list with nothing in it.
   */
  private static Set<String> streamsIn(@Nullable List<Object> found) {
    Set<String> streams = new HashSet<>();
    if (found == null || found.isEmpty() || found.getFirst() == null) {
      return streams;
    }
    if (found.getFirst() instanceof List<?>) {
      found.forEach(pair -> streams.add(Link.text(((List<?>) pair).getFirst())));
    } else {
      for (int i = 0; i < found.size(); i += 2) {
        streams.add(Link.text(found.get(i)));
      }
    }
    return streams;
  }
}
