package io.streamfleet.worker.partition;

import io.lettuce.core.protocol.CommandArgs;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.redis.group.PartitionKeys;
import io.streamfleet.worker.settle.LeaseProof;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The leases of a stream's partitions in one group; see docs/partitions.md. Thread-safe. */
public final class Leases {

  private static final Script ACQUIRE = script("acquire.lua");
  private static final Script RENEW = script("renew.lua");
  private static final Script RELEASE = script("release.lua");

  private final Link link;
  private final IntFunction<String> streamOf;
  private final String group;
  private final PartitionKeys keys;
  private final String consumer;
  private final UUID process;
  private final Duration term;

  /** Of the owners before, as far as they were met. */
  private final Map<Integer, String> fences = new ConcurrentHashMap<>();

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
    return tryToAcquire(wanted, above)
        .thenCompose(
            answers -> {
              List<Integer> again =
                  wanted.stream().filter(it -> answers.get(it) instanceof FenceUnknown).toList();
              // Once more at the most: who loses a race for one is refused, and comes again later.
              return again.isEmpty()
                  ? CompletableFuture.completedFuture(answers)
                  : tryToAcquire(again, above).thenApply(more -> merged(answers, more));
            })
        .thenApply(Leases::granted);
  }

  /** The answer about a lease. */
  private sealed interface Answer {}

  private record Granted(Grant grant) implements Answer {}

  private record Refused() implements Answer {}

  /** It can be had by who names its fence, which is known from now on. */
  private record FenceUnknown() implements Answer {}

  private CompletableFuture<Map<Integer, Answer>> tryToAcquire(List<Integer> wanted, long above) {
    String beginning = consumer + "/" + process + "/";
    return of(
        ACQUIRE,
        wanted,
        this::keysWithFences,
        (args, page) -> args.add(beginning).add(consumer).add(term.toMillis()).add(above),
        (partition, reply) -> Stream.of(answer(partition, beginning, reply)));
  }

  private Answer answer(int partition, String beginning, List<?> reply) {
    long epoch = (long) reply.getFirst();
    if (epoch > 0) {
      return new Granted(new Grant(beginning + epoch, epoch));
    }
    fences.put(partition, Link.text(reply.getLast()));
    return epoch == 0 ? new Refused() : new FenceUnknown();
  }

  private List<String> keysWithFences(List<Integer> page) {
    return page.stream()
        .flatMap(it -> Stream.of(keyOf(it), fences.getOrDefault(it, noFence(it))))
        .toList();
  }

  /** A key that never is. */
  private String noFence(int partition) {
    return keys.fence(link, streamOf.apply(partition), "none");
  }

  /** The calls of the owner of a lease. */
  OwnerCalls calls() {
    return new OwnerCalls(link, streamOf, group, consumer);
  }

  private static Map<Integer, Answer> merged(
      Map<Integer, Answer> answers, Map<Integer, Answer> more) {
    Map<Integer, Answer> all = new LinkedHashMap<>(answers);
    all.putAll(more);
    return all;
  }

  private static Map<Integer, Grant> granted(Map<Integer, Answer> answers) {
    Map<Integer, Grant> grants = new LinkedHashMap<>();
    answers.forEach(
        (partition, answer) -> {
          if (answer instanceof Granted(Grant grant)) {
            grants.put(partition, grant);
          }
        });
    return grants;
  }

  /** Renews leases; the result lacks those that are lost. */
  public CompletableFuture<Map<Integer, Renewed>> renew(Map<Integer, Grant> held) {
    return of(
        RENEW,
        List.copyOf(held.keySet()),
        this::keys,
        (args, page) -> {
          args.add(term.toMillis());
          page.forEach(partition -> args.add(token(held, partition)));
        },
        (_, reply) ->
            reply.isEmpty()
                ? Stream.of()
                : Stream.of(
                    new Renewed(Duration.ofMillis((long) reply.get(0)), (long) reply.get(1))));
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
   * Calls a script for each slot.
   *
   * @param keys of some partitions
   */
  private <T> CompletableFuture<Map<Integer, T>> of(
      Script script,
      List<Integer> wanted,
      Function<List<Integer>, List<String>> keys,
      BiConsumer<CommandArgs<String, byte[]>, List<Integer>> arguments,
      BiFunction<Integer, List<?>, Stream<T>> reader) {
    Map<Integer, T> found = new LinkedHashMap<>();
    Stream<CompletableFuture<Void>> calls =
        pages(wanted).stream()
            .map(
                page ->
                    link.eval(script, keys.apply(page), args -> arguments.accept(args, page))
                        .thenAccept(reply -> collect(page, reply, reader, found)));
    return allOf(calls).thenApply(done -> found);
  }

  private static <T> void collect(
      List<Integer> page,
      List<Object> reply,
      BiFunction<Integer, List<?>, Stream<T>> reader,
      Map<Integer, T> found) {
    synchronized (found) {
      for (int i = 0; i < page.size(); i++) {
        int partition = page.get(i);
        reader
            .apply(partition, (List<?>) reply.get(i))
            .forEach(value -> found.put(partition, value));
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
