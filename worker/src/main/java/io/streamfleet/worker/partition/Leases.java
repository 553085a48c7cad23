package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandArgs;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.redis.group.PartitionKeys;
import io.streamfleet.worker.read.ScriptEntries;
import io.streamfleet.worker.settle.LeaseProof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The leases of a stream's partitions in one group, and the calls of their owner. Each call checks
 * the lease within Redis, so that a worker that lost it changes nothing; see docs/partitions.md.
 * Thread-safe.
 */
public final class Leases {

  private static final Script ACQUIRE = script("acquire.lua");
  private static final Script RENEW = script("renew.lua");
  private static final Script RELEASE = script("release.lua");
  private static final Script TAKE = script("take.lua");
  private static final Script READ = script("read.lua");
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
  private final UUID process;
  private final Duration term;

  /**
   * @param streamOf the stream of each partition
   * @param process random, the same for the whole process
   * @param term the time after which a lease expires that is not renewed
   */
  public Leases(
      Link link,
      IntFunction<String> streamOf,
      String group,
      String consumer,
      UUID process,
      Duration term) {
    this.link = link;
    this.streamOf = streamOf;
    this.group = group;
    this.keys = new PartitionKeys("", group);
    this.consumer = consumer;
    this.process = process;
    this.term = term;
  }

  private static Script script(String name) {
    return Script.beside(Leases.class, name).after(LeaseProof.FUNCTIONS);
  }

  /** The key of a partition's lease; not for streams with braces that are no hash tag. */
  public String keyOf(int partition) {
    return keys.lease(link, streamOf.apply(partition));
  }

  /**
   * Tries to acquire leases.
   *
   * @param above the highest epoch that is known here
   * @return the grants of the leases that no other worker has
   */
  public CompletableFuture<Map<Integer, Grant>> acquire(List<Integer> wanted, long above) {
    String beginning = consumer + "/" + process + "/";
    return of(
        ACQUIRE,
        wanted,
        (args, page) -> args.add(beginning).add(consumer).add(term.toMillis()).add(above),
        reply -> (long) reply.getFirst() == 0 ? Stream.of() : Stream.of(grant(beginning, reply)));
  }

  private static Grant grant(String beginning, List<?> reply) {
    long epoch = (long) reply.getFirst();
    return new Grant(beginning + epoch, epoch);
  }

  /** Renews leases; the result lacks those that are lost. */
  public CompletableFuture<Map<Integer, Renewed>> renew(Map<Integer, Grant> held) {
    return of(
        RENEW,
        List.copyOf(held.keySet()),
        (args, page) -> {
          args.add(term.toMillis());
          page.forEach(partition -> args.add(token(held, partition)));
        },
        reply ->
            reply.isEmpty()
                ? Stream.of()
                : Stream.of(
                    new Renewed(
                        Duration.ofMillis((long) reply.get(0)),
                        (long) reply.get(1),
                        (long) reply.get(2))));
  }

  /** Releases leases, so that others can acquire them at once. Lost leases are not affected. */
  public CompletableFuture<Void> release(Map<Integer, Grant> held) {
    List<Integer> all = List.copyOf(held.keySet());
    return allOf(
        pages(all).stream()
            .map(
                page ->
                    link.eval(
                        RELEASE,
                        keys(page),
                        args -> page.forEach(partition -> args.add(token(held, partition))))));
  }

  private static String token(Map<Integer, Grant> held, int partition) {
    Grant grant = held.get(partition);
    return grant == null ? "" : grant.token();
  }

  /**
   * Claims a page of a partition's pending entries, whichever consumer they are pending for.
   *
   * @param start {@code -}, or {@code next} of the page before
   * @return empty if the lease is lost
   */
  public CompletableFuture<List<Page>> take(int partition, Grant grant, String start) {
    return link.eval(
            TAKE,
            List.of(streamOf.apply(partition), keyOf(partition)),
            args -> owner(args, grant).add(start).add(PENDING_PAGE))
        .thenApply(reply -> reply.isEmpty() ? List.of() : List.of(page(reply)));
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
    return new Page(ids, fromOthers, ids(reply.get(3)), last.isEmpty() ? "" : "(" + last);
  }

  private static List<EntryId> ids(Object list) {
    return ((List<?>) list).stream().map(id -> EntryId.parse(Link.text(id))).toList();
  }

  /**
   * Reads new entries without blocking.
   *
   * @param reads how many reads have delivered entries here under this grant
   */
  public CompletableFuture<PartitionRead> read(int partition, Grant grant, long reads, int count) {
    return link.eval(
            READ,
            List.of(streamOf.apply(partition), keyOf(partition)),
            args -> owner(args, grant).add(reads).add(count).add(0))
        .thenApply(Leases::readOf);
  }

  /** Like {@link #read}, with all fields of the entries; returns the reply of the script. */
  CompletableFuture<List<Object>> readWhole(int partition, Grant grant, long reads, int count) {
    return link.eval(
        READ,
        List.of(streamOf.apply(partition), keyOf(partition)),
        args -> owner(args, grant).add(reads).add(count).add(1));
  }

  private CommandArgs<String, byte[]> owner(CommandArgs<String, byte[]> args, Grant grant) {
    return args.add(group).add(consumer).add(grant.token());
  }

  private static PartitionRead readOf(List<Object> reply) {
    if (reply.getFirst() instanceof List<?> rows) {
      return rows.isEmpty()
          ? new PartitionRead.Nothing(Link.text(reply.get(1)))
          : new PartitionRead.Entries(ScriptEntries.of(rows));
    }
    return reply.size() == 1
        ? new PartitionRead.Lost()
        : new PartitionRead.CountedOtherwise(Long.parseLong(Link.text(reply.get(1))));
  }

  /**
   * Acknowledges entries, of many partitions in one call if they share a slot. Only one settlement
   * of a partition may be in progress: the next one must wait for the reply.
   *
   * @param settlements one for each partition, of at most {@value #MOST_IDS} ids
   */
  public CompletableFuture<Map<Integer, Settlement.Result>> settle(List<Settlement> settlements) {
    Map<Integer, Settlement.Result> results = new LinkedHashMap<>();
    return allOf(
            calls(settlements).stream()
                .map(
                    call ->
                        link.eval(
                                SETTLE,
                                call.stream().flatMap(s -> keysOf(s.partition())).toList(),
                                args -> settleArgs(args, call))
                            .thenAccept(reply -> note(call, reply, results))))
        .thenApply(done -> results);
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
    List<String> keys = settlements.stream().map(s -> keyOf(s.partition())).toList();
    for (List<Integer> slot : link.bySlot(keys)) {
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

  private <T> CompletableFuture<Map<Integer, T>> of(
      Script script,
      List<Integer> wanted,
      BiConsumer<CommandArgs<String, byte[]>, List<Integer>> arguments,
      Function<List<?>, Stream<T>> reader) {
    Map<Integer, T> found = new LinkedHashMap<>();
    Stream<CompletableFuture<Void>> calls =
        pages(wanted).stream()
            .map(
                page ->
                    link.eval(script, keys(page), args -> arguments.accept(args, page))
                        .thenAccept(reply -> collect(page, reply, reader, found)));
    return allOf(calls).thenApply(done -> found);
  }

  private static <T> void collect(
      List<Integer> page,
      List<Object> reply,
      Function<List<?>, Stream<T>> reader,
      Map<Integer, T> found) {
    synchronized (found) {
      for (int i = 0; i < page.size(); i++) {
        int partition = page.get(i);
        reader.apply((List<?>) reply.get(i)).forEach(value -> found.put(partition, value));
      }
    }
  }

  private List<String> keys(List<Integer> page) {
    return page.stream().map(this::keyOf).toList();
  }

  /** Groups partitions by the slot of their leases. */
  private List<List<Integer>> pages(List<Integer> wanted) {
    return link.bySlot(keys(wanted)).stream()
        .map(slot -> slot.stream().map(wanted::get).toList())
        .toList();
  }

  private static CompletableFuture<Void> allOf(Stream<? extends CompletableFuture<?>> calls) {
    return CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new));
  }
}
