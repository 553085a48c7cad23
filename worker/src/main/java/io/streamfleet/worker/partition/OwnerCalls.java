package io.streamfleet.worker.partition;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.redis.group.PartitionKeys;
import io.streamfleet.worker.settle.LeaseProof;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The calls of the owner of a partition. Each is refused within Redis if the lease is lost; see
 * docs/partitions.md. Thread-safe.
 */
public final class OwnerCalls {

  private static final Script TAKE = script("take.lua");
  private static final Script SETTLE = script("settle.lua");

  /** Rows of the pending entries list in one call: a script blocks the server while it runs. */
  private static final int PENDING_PAGE = 500;

  /** Ids in one settlement: Lua passes on a few thousand arguments at most. */
  public static final int MOST_IDS = 1_000;

  /** Ids in one call over all partitions, for the same reason. */
  private static final int MOST_IDS_A_CALL = 4_000;

  private final Link link;
  private final IntFunction<String> streamOf;
  private final String group;
  private final PartitionKeys keys;
  private final String consumer;

  /**
   * @param streamOf the stream of each partition
   */
  public OwnerCalls(Link link, IntFunction<String> streamOf, String group, String consumer) {
    this.link = link;
    this.streamOf = streamOf;
    this.group = group;
    this.keys = new PartitionKeys("", group);
    this.consumer = consumer;
  }

  private static Script script(String name) {
    return Script.beside(OwnerCalls.class, name).after(LeaseProof.FUNCTIONS);
  }

  /** The key of a partition's lease; not for streams with braces that are no hash tag. */
  public String keyOf(int partition) {
    return keys.lease(link, streamOf.apply(partition));
  }

  /**
   * Claims a page of a partition's pending entries, whichever consumer they are pending for. Reads
   * that were sent before the first page deliver nothing from then on.
   *
   * @param start {@code -}, or {@code next} of the page before
   * @param looks how many first pages there were under the grant, with this one
   * @return empty if the lease is lost
   */
  public CompletableFuture<List<Page>> take(int partition, Grant grant, String start, int looks) {
    return link.eval(
            TAKE,
            List.of(
                streamOf.apply(partition),
                keyOf(partition),
                fence(partition, grant, looks - 1),
                fence(partition, grant, looks)),
            args -> args.add(group).add(consumer).add(grant.token()).add(start).add(PENDING_PAGE))
        .thenApply(reply -> reply.isEmpty() ? List.of() : List.of(page(reply)));
  }

  /** What a read of a partition names, after so many looks at what is pending. */
  Fenced fenced(int partition, Grant grant, int looks) {
    return new Fenced(streamOf.apply(partition), fence(partition, grant, looks));
  }

  private String fence(int partition, Grant grant, int looks) {
    return keys.fence(link, streamOf.apply(partition), grant.token() + ":" + looks);
  }

  private static Page page(List<Object> reply) {
    String last = Link.text(reply.get(1));
    List<EntryId> ids = ids(reply.getFirst());
    List<?> wereTheirs = (List<?>) reply.get(2);
    Set<EntryId> fromOthers = new HashSet<>();
    for (int i = 0; i < ids.size(); i++) {
      if ((long) wereTheirs.get(i) == 1) {
        fromOthers.add(ids.get(i));
      }
    }
    return new Page(
        ids,
        fromOthers,
        ids(reply.get(3)),
        last.isEmpty() ? "" : "(" + last,
        EntryId.parse(Link.text(reply.get(4))));
  }

  private static List<EntryId> ids(Object list) {
    return ((List<?>) list).stream().map(id -> EntryId.parse(Link.text(id))).toList();
  }

  /**
   * Reads new entries of partitions that share a slot, without blocking. Of none of them if a fence
   * is not there: the failure names its key. Whether a read that fails otherwise has delivered
   * anything is not known, and it may still do so; a look at what is pending ends that.
   *
   * @param reading a connection that sends nothing again
   * @param count the most of each partition
   */
  <T> CompletableFuture<T> read(
      Link reading, CommandOutput<String, byte[], T> output, List<Fenced> from, int count) {
    CommandArgs<String, byte[]> args =
        Link.args().add("GROUP").add(group).add(consumer).add("COUNT").add(count).add("STREAMS");
    // Redis looks at them in this order.
    from.forEach(one -> args.addKey(one.fence()));
    from.forEach(one -> args.addKey(one.stream()));
    for (int i = 0; i < 2 * from.size(); i++) {
      args.add(">");
    }
    return reading.send(CommandType.XREADGROUP, output, args);
  }

  /**
   * Acknowledges entries, of many partitions in one call if they share a slot. Only one settlement
   * of a partition may be in progress: the next one must wait for the reply.
   *
   * @param settlements one for each partition, of at most {@value #MOST_IDS} ids
   */
  public CompletableFuture<Map<Integer, Settlement.Result>> settle(List<Settlement> settlements) {
    Map<Integer, Settlement.Result> results = new LinkedHashMap<>();
    CompletableFuture<?>[] calls =
        calls(settlements).stream()
            .map(
                call ->
                    link.eval(
                            SETTLE,
                            call.stream().flatMap(s -> keysOf(s.partition())).toList(),
                            args -> settleArgs(args, call))
                        .thenAccept(reply -> note(call, reply, results)))
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(calls).thenApply(done -> results);
  }

  private Stream<String> keysOf(int partition) {
    return Stream.of(streamOf.apply(partition), keyOf(partition));
  }

  private void settleArgs(CommandArgs<String, byte[]> args, List<Settlement> call) {
    args.add(group);
    for (Settlement settlement : call) {
      args.add(settlement.grant().token()).add(settlement.number()).add(settlement.ids().size());
      settlement.ids().forEach(id -> args.add(id.toString()));
    }
  }

  private static void note(
      List<Settlement> call, List<Object> reply, Map<Integer, Settlement.Result> results) {
    synchronized (results) {
      for (int i = 0; i < call.size(); i++) {
        long answer = (long) reply.get(i);
        results.put(
            call.get(i).partition(),
            answer >= 0
                ? Settlement.Result.TAKEN
                : answer == -1 ? Settlement.Result.LOST : Settlement.Result.COUNTED_OTHERWISE);
      }
    }
  }

  /** Groups settlements into calls, by slot and number of arguments. */
  private List<List<Settlement>> calls(List<Settlement> settlements) {
    List<List<Settlement>> calls = new ArrayList<>();
    for (List<Integer> slot : bySlot(settlements.stream().map(Settlement::partition).toList())) {
      int ids = MOST_IDS_A_CALL;
      for (int position : slot) {
        Settlement settlement = settlements.get(position);
        ids += settlement.ids().size();
        if (ids > MOST_IDS_A_CALL) {
          calls.add(new ArrayList<>());
          ids = settlement.ids().size();
        }
        calls.getLast().add(settlement);
      }
    }
    return calls;
  }

  /** Positions in a list of partitions, grouped by the slots in which their leases are. */
  List<List<Integer>> bySlot(List<Integer> partitions) {
    return link.bySlot(partitions.stream().map(this::keyOf).toList());
  }
}
