package io.streamfleet.commands.why;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ChannelLock;
import io.streamfleet.commands.stream.Consumers;
import io.streamfleet.commands.stream.EntryPages;
import io.streamfleet.commands.stream.PendingEntry;
import io.streamfleet.commands.stream.PendingPages;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.commands.stream.StreamEntry;
import io.streamfleet.commands.why.Answer.State;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedPartition;
import io.streamfleet.redis.group.PartitionInspection;
import io.streamfleet.redis.group.PartitionedGroup;
import io.streamfleet.wire.Header;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Finds out the state of an entry and what it waits for, with a few small calls to Redis. */
final class Diagnosis {

  /** A due time in Redis is the milliseconds times this, plus the attempt: see wait.lua. */
  private static final double ATTEMPTS = 1_000;

  private final Link link;
  private final StreamConsumerGroupSpec spec;
  private final Instant now;

  /**
   * @param now the current time by the clock of Redis
   */
  Diagnosis(Link link, StreamConsumerGroupSpec spec, Instant now) {
    this.link = link;
    this.spec = spec;
    this.now = now;
  }

  /** Describes an entry; empty if there is no trace of it in this stream or its dead letters. */
  Optional<Answer> of(ReadStream stream, EntryId id) {
    Optional<StreamEntry> entry = new EntryPages(link, stream.stream()).entry(id);
    Optional<Consumers> group = Consumers.of(link, stream.group());
    Optional<PendingEntry> pending =
        group.isEmpty() ? Optional.empty() : new PendingPages(link, stream.group()).of(id);
    Optional<ObservedPartition> lease = lease(stream);
    Answer.Builder answer = new Answer.Builder();
    answer
        .with("entry", id.toString())
        .with("stream", stream.stream())
        .with("group", stream.group().group())
        .with("published", Text.age(Duration.between(id.time(), now)) + " ago");
    entry.flatMap(stream::channel).ifPresent(channel -> answer.with("channel", channel));
    stream
        .partition()
        .ifPresent(
            it ->
                answer.with("partition", it.described()).with("partition's worker", owner(lease)));
    entry.flatMap(stream::trace).ifPresent(trace -> answer.with("trace", trace));
    if (pending.isPresent()) {
      return Optional.of(pending(stream, entry, pending.get(), group.get(), lease, answer));
    }
    Optional<EntryId> delivered = group.flatMap(Consumers::lastDelivered);
    if (entry.isPresent() && delivered.filter(last -> last.compareTo(id) >= 0).isEmpty()) {
      return Optional.of(unread(stream, group, lease, answer));
    }
    return settled(stream, id, entry, answer);
  }

  /** Who has the partition that a stream is; empty if it is none, or Redis does not tell. */
  private Optional<ObservedPartition> lease(ReadStream stream) {
    return stream
        .partition()
        .map(it -> new PartitionedGroup(it.whole(), List.of(stream.stream())))
        .map(it -> RedisReply.of(() -> new PartitionInspection(link).look(it)))
        .filter(it -> it.refused().isEmpty())
        .map(it -> it.partitions().getFirst());
  }

  private static String owner(Optional<ObservedPartition> lease) {
    return lease.isEmpty() ? "unknown" : lease.get().owner().orElse("none");
  }

  private Answer unread(
      ReadStream stream,
      Optional<Consumers> group,
      Optional<ObservedPartition> lease,
      Answer.Builder answer) {
    List<ObservedConsumer> alive = alive(group);
    answer.with("waits for", "a worker to read it");
    if (stream.paused()) {
      answer.with("next", "nothing: the manifest pauses this stream");
    } else if (group.isEmpty()) {
      answer.with(
          "next",
          "a worker creates the group when it starts; spec.inbound.startFrom sets where it starts");
    } else if (lease.flatMap(ObservedPartition::owner).isPresent()) {
      answer.with(
          "next", "the partition's worker reads it when it has room, after those before it");
    } else if (lease.isPresent()) {
      answer.with("next", "a worker that acquires the partition reads it; if none does, start one");
    } else if (alive.isEmpty()) {
      answer.with("next", "nothing: no worker reads this group; start one");
    } else {
      answer.with("next", "a worker reads it when it has room, after the entries before it");
    }
    return answer.is(State.UNREAD);
  }

  private Answer pending(
      ReadStream stream,
      Optional<StreamEntry> entry,
      PendingEntry pending,
      Consumers group,
      Optional<ObservedPartition> lease,
      Answer.Builder answer) {
    answer
        .with("with", pending.consumer())
        .with("delivered", Text.times(pending.deliveries()))
        .with("last delivered or renewed", Text.age(pending.idle()) + " ago");
    Optional<ObservedConsumer> consumer =
        group.all().stream().filter(it -> it.name().equals(pending.consumer())).findFirst();
    boolean gone =
        lease.isPresent()
            ? lease.get().owner().filter(pending.consumer()::equals).isEmpty()
            : consumer.filter(it -> Consumers.isAlive(spec, it)).isEmpty();
    Optional<ChannelLock> lock = entry.flatMap(it -> lock(stream, it));
    lock.ifPresent(
        it ->
            answer.with(
                "channel's lock",
                it.key() + ", of " + it.holder() + ", for " + Text.age(it.left()) + " more"));
    OptionalDouble score = due(stream, pending.id());
    if (score.isPresent()) {
      long attempt = (long) (score.getAsDouble() % ATTEMPTS);
      long millis = (long) ((score.getAsDouble() - attempt) / ATTEMPTS) - now.toEpochMilli();
      answer.with("failed attempts", Long.toString(attempt));
      if (millis > 0 && !gone) {
        return answer
            .with("waits for", "its next attempt, after a failure")
            .with("next", "it is retried in " + Text.age(Duration.ofMillis(millis)))
            .is(State.WAITING_FOR_RETRY);
      }
    }
    if (gone && lease.isPresent()) {
      return answer
          .with("waits for", "the partition's worker to take it from " + pending.consumer())
          .with(
              "next",
              lease.get().owner().isPresent()
                  ? "it is taken before anything younger, in the order of the ids"
                  : "a worker that acquires the partition takes it; if none does, start one")
          .is(State.WAITING_FOR_CLAIM);
    }
    if (gone) {
      return claim(stream, pending, answer);
    }
    if (lock.isPresent() && !lock.get().holder().equals(pending.consumer())) {
      return answer
          .with("waits for", "the lock of its channel, which " + lock.get().holder() + " holds")
          .with("next", "it is handed over to the holder, or the holder releases the lock")
          .is(State.WAITING_FOR_CHANNEL);
    }
    if (pending.deliveries() >= spec.autoclaim().maxDeliveries()) {
      answer.with(
          "note",
          "delivered as often as autoclaim.maxDeliveries allows: if its worker dies, it becomes a"
              + " dead letter");
    }
    return answer
        .with("waits for", "its handler, or earlier entries of its channel")
        .with("next", "it is acknowledged when the handler has finished; `cancel` stops it")
        .is(State.PENDING);
  }

  private Answer claim(ReadStream stream, PendingEntry pending, Answer.Builder answer) {
    Duration left = spec.autoclaim().minIdle().minus(pending.idle());
    answer.with("waits for", "another worker, as " + pending.consumer() + " is gone");
    if (stream.paused()) {
      answer.with("next", "nothing: the manifest pauses this stream");
    } else if (pending.deliveries() > spec.autoclaim().maxDeliveries()) {
      answer.with(
          "next", "the worker that claims it makes it a dead letter: it was delivered too often");
    } else if (left.isPositive()) {
      answer.with("next", "a worker claims it in " + Text.age(left));
    } else {
      answer.with(
          "next",
          "if a worker runs, it claims the entry at its next sweep, within "
              + Text.age(spec.autoclaim().interval()));
    }
    return answer.is(State.WAITING_FOR_CLAIM);
  }

  private Optional<Answer> settled(
      ReadStream stream, EntryId id, Optional<StreamEntry> entry, Answer.Builder answer) {
    Optional<StreamEntry> letter = DeadLetterOf.entry(link, spec, stream, id);
    if (letter.isPresent()) {
      return Optional.of(
          answer
              .with("dead letter", letter.get().id().toString())
              .with("reason", letter.get().text("reason").orElse("unknown"))
              .with("error", letter.get().text("error").orElse("unknown"))
              .with("attempts", letter.get().text("attempt").orElse("unknown"))
              .with("next", "nothing; to replay it: dlq replay --original-id " + id)
              .is(State.DEAD_LETTERED));
    }
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    entry
        .flatMap(stream::trace)
        .flatMap(this::traceState)
        .ifPresent(state -> answer.with("state in trace", state));
    return Optional.of(
        answer
            .with("waits for", "nothing: it was acknowledged")
            .with("next", "nothing: it stays in the stream until that is trimmed")
            .is(State.SETTLED));
  }

  private List<ObservedConsumer> alive(Optional<Consumers> group) {
    return group.stream()
        .flatMap(it -> it.all().stream())
        .filter(it -> Consumers.isAlive(spec, it))
        .toList();
  }

  private Optional<ChannelLock> lock(ReadStream stream, StreamEntry entry) {
    Optional<Header> header = stream.header(entry);
    if (!stream.hasLocks() || header.isEmpty()) {
      return Optional.empty();
    }
    return ChannelLock.of(link, stream.lockKey(header.get().channel(), header.get().platform()));
  }

  /** The due time of a failed entry, as the worker's wait.lua stores it. */
  private OptionalDouble due(ReadStream stream, EntryId id) {
    Optional<String> key = link.beside(stream.stream(), ":due:" + stream.group().group());
    if (key.isEmpty()) {
      return OptionalDouble.empty();
    }
    try {
      List<Object> scores =
          RedisReply.of(
              () ->
                  link.list(CommandType.ZMSCORE, Link.args().addKey(key.get()).add(id.toString())));
      return scores.isEmpty() || scores.getFirst() == null
          ? OptionalDouble.empty()
          : OptionalDouble.of(Double.parseDouble(Link.text(scores.getFirst())));
    } catch (RedisCommandExecutionException e) {
      return OptionalDouble.empty();
    }
  }

  private Optional<String> traceState(String trace) {
    if (!spec.trace().enabled()) {
      return Optional.empty();
    }
    String key = spec.trace().keyTemplate().replace("{trace_id}", trace);
    try {
      return Optional.ofNullable(
          RedisReply.of(() -> link.status(CommandType.HGET, Link.args().addKey(key).add("state"))));
    } catch (RedisCommandExecutionException e) {
      return Optional.empty();
    }
  }
}
