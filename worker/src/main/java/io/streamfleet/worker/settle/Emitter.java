package io.streamfleet.worker.settle;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.handler.TraceContext;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.wire.EntryFields;
import io.streamfleet.worker.entry.EmittedMessage;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Persistent;
import io.streamfleet.worker.telemetry.Sending;
import io.streamfleet.worker.telemetry.Tracing;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Appends the messages that a handler emits to outbound streams, and acknowledges its entry. */
public final class Emitter {

  private static final Script EMIT =
      Script.beside(Emitter.class, "emit.lua").after(LeaseProof.FUNCTIONS);

  private static final byte[] NOTHING = {};

  private final Link link;
  private final Persistent persistent;
  private final Function<Entry, Acknowledger> acknowledgers;
  private final Function<String, String> streamOfPlatform;
  private final long maxLength;
  private final Tracing tracing;
  private final Clock clock;

  /**
   * @param acknowledgers who settles an entry
   * @param streamOfPlatform the outbound stream of a platform
   * @param maxLength the approximate limit of entries of an outbound stream; 0 keeps all
   * @param tracing records what is emitted
   */
  public Emitter(
      Link link,
      Persistent persistent,
      Function<Entry, Acknowledger> acknowledgers,
      Function<String, String> streamOfPlatform,
      long maxLength,
      Tracing tracing,
      Clock clock) {
    this.link = link;
    this.persistent = persistent;
    this.acknowledgers = acknowledgers;
    this.streamOfPlatform = streamOfPlatform;
    this.maxLength = maxLength;
    this.tracing = tracing;
    this.clock = clock;
  }

  /** The result of an emission. */
  public enum Emission {
    /** All messages were appended, and the entry was acknowledged. */
    DONE(""),
    /** The entry was not pending for this consumer any more; nothing was appended. */
    LOST("the entry belongs to another consumer by now"),
    /**
     * The key of an outbound stream has another type, or the stream cannot take any more entries,
     * because its last id is the highest possible. No repetition can succeed.
     */
    IMPOSSIBLE("the stream cannot take entries");

    private final String failure;

    Emission(String failure) {
      this.failure = failure;
    }

    private static Emission of(Object reply) {
      return switch (reply) {
        case Long one when one == 1 -> DONE;
        case Long impossible when impossible == -1 -> IMPOSSIBLE;
        default -> LOST;
      };
    }
  }

  /** A message with the fields to append. */
  private record Outgoing(String stream, Map<String, byte[]> fields, Sending sending) {

    byte[] field(String name) {
      return fields.getOrDefault(name, NOTHING);
    }
  }

  /**
   * Appends the messages in order, then acknowledges: in one script if all streams share a slot.
   * Repeats failed calls until they succeed.
   *
   * @param then called on the loop with the result
   */
  public void emit(Entry entry, List<EmittedMessage> messages, Consumer<Emission> then) {
    List<String> streams =
        messages.stream().map(message -> streamOfPlatform.apply(message.platform())).toList();
    List<Outgoing> outgoing = new ArrayList<>(messages.size());
    String trace = entry.traceId().orElse("");
    for (int i = 0; i < messages.size(); i++) {
      Sending sending = tracing.emission(entry, streams.get(i));
      Map<String, byte[]> fields =
          EntryFields.fields(messages.get(i).data(), clock.instant(), trace);
      sending.context().ifPresent(context -> addTrace(fields, context));
      outgoing.add(new Outgoing(streams.get(i), fields, sending));
    }
    send(
        entry,
        outgoing,
        emission -> {
          outgoing.forEach(message -> message.sending().end(emission.failure));
          then.accept(emission);
        });
  }

  private void send(Entry entry, List<Outgoing> outgoing, Consumer<Emission> then) {
    List<String> keys = new ArrayList<>();
    keys.add(entry.stream());
    outgoing.forEach(message -> keys.add(message.stream()));
    if (link.shareSlot(keys)) {
      acknowledgers.apply(entry).write(new InOneStep(entry, outgoing, keys, then));
    } else {
      appendFirst(entry, outgoing, 0, then);
    }
  }

  private final class InOneStep implements LeasedWrite {

    private final Entry entry;
    private final List<Outgoing> outgoing;
    private final List<String> keys;
    private final Consumer<Emission> then;

    InOneStep(Entry entry, List<Outgoing> outgoing, List<String> keys, Consumer<Emission> then) {
      this.entry = entry;
      this.outgoing = outgoing;
      this.keys = keys;
      this.then = then;
    }

    @Override
    public void send(LeaseProof proof, Consumer<Result> answered) {
      persistent.call(
          "emit",
          () -> call(proof),
          reply -> {
            answered.accept(Result.of((Long) reply.getFirst()));
            then.accept(Emission.of(reply.getFirst()));
          });
    }

    @Override
    public void lost() {
      then.accept(Emission.LOST);
    }

    private CompletableFuture<List<Object>> call(LeaseProof proof) {
      StreamConsumer stream = entry.streamName();
      return link.eval(
          EMIT,
          keys,
          args -> {
            args.add(stream.group()).add(stream.consumer()).add(entry.id()).add(maxLength);
            args.add(proof.lease()).add(proof.token()).add(proof.number());
            for (Outgoing message : outgoing) {
              args.add(message.field(EntryFields.DATA))
                  .add(message.field(EntryFields.TS))
                  .add(message.field(EntryFields.TRACE_ID))
                  .add(message.field(EntryFields.TRACEPARENT))
                  .add(message.field(EntryFields.TRACESTATE));
            }
          });
    }
  }

  /** For streams in different slots of a Cluster: appends one by one, then acknowledges. */
  private void appendFirst(
      Entry entry, List<Outgoing> outgoing, int next, Consumer<Emission> then) {
    if (next == outgoing.size()) {
      acknowledgers
          .apply(entry)
          .acknowledge(entry.entryId(), ours -> then.accept(ours ? Emission.DONE : Emission.LOST));
      return;
    }
    Outgoing message = outgoing.get(next);
    persistent.call(
        "emit",
        () -> append(message),
        appended -> {
          if (appended) {
            appendFirst(entry, outgoing, next + 1, then);
          } else {
            then.accept(Emission.IMPOSSIBLE);
          }
        });
  }

  /** Completes with false if no repetition can succeed: see {@link Emission#IMPOSSIBLE}. */
  private CompletableFuture<Boolean> append(Outgoing message) {
    CommandArgs<String, byte[]> args = Link.args().addKey(message.stream());
    if (maxLength > 0) {
      args.add("MAXLEN").add("~").add(maxLength);
    }
    args.add("*");
    message.fields().forEach((name, value) -> args.add(name).add(value));
    return link.status(CommandType.XADD, args)
        .thenApply(id -> true)
        .exceptionally(
            failure -> {
              if (Failures.isWrongType(failure) || Failures.isExhausted(failure)) {
                return false;
              }
              throw new CompletionException(Failures.cause(failure));
            });
  }

  private static void addTrace(Map<String, byte[]> fields, TraceContext trace) {
    fields.put(EntryFields.TRACEPARENT, trace.traceparent().getBytes(StandardCharsets.US_ASCII));
    if (!trace.tracestate().isEmpty()) {
      fields.put(EntryFields.TRACESTATE, trace.tracestate().getBytes(StandardCharsets.US_ASCII));
    }
  }
}
