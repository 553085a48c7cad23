package io.streamfleet.worker.settle;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.api.DeadLetterSpec;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import io.streamfleet.worker.entry.StreamConsumer;
import io.streamfleet.worker.loop.Persistent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Moves entries that will never be handled to the dead-letter stream. */
public final class DeadLetterWriter {

  private static final Script DEAD_LETTER =
      Script.beside(DeadLetterWriter.class, "dead_letter.lua").after(LeaseProof.FUNCTIONS);

  private static final Script WITHIN = Script.beside(DeadLetterWriter.class, "within.lua");

  /** Characters of the error: enough to say what happened; stack traces belong in the log. */
  private static final int LONGEST_ERROR = 500;

  /**
   * Redis' Lua passes at most 8,000 values to a command (LUAI_MAXCSTACK). A field takes two, and a
   * dead letter has fields of its own. So a replay, which is also a script, can pass them all.
   */
  private static final int MOST_FIELDS = 3_900;

  /** How long a repetition finds the mark of the first call: no call is repeated for so long. */
  private static final Duration MARKED = Duration.ofHours(1);

  /** The fields that a dead letter keeps under their own names. */
  private static final List<String> NAMED = List.of("data", "ts", "trace_id");

  private final Link link;
  private final StreamConsumer stream;
  private final DeadLetterSpec spec;
  private final long largest;
  private final Persistent persistent;
  private final Acknowledger acknowledger;
  private final Clock clock;

  /** The previous dead letter in two steps. One at a time, since each has an entry in memory. */
  private CompletableFuture<Boolean> before = CompletableFuture.completedFuture(true);

  /**
   * @param largest the limit, in bytes, of an entry that must be copied through this process
   * @param acknowledger settles the entries of the stream
   */
  public DeadLetterWriter(
      Link link,
      StreamConsumer stream,
      DeadLetterSpec spec,
      long largest,
      Persistent persistent,
      Acknowledger acknowledger,
      Clock clock) {
    this.link = link;
    this.stream = stream;
    this.spec = spec;
    this.largest = largest;
    this.persistent = persistent;
    this.acknowledger = acknowledger;
    this.clock = clock;
  }

  /**
   * Why an entry becomes a dead letter.
   *
   * @param reason one of {@link DeadLetterReason}
   * @param error a description in one line
   * @param attempt the number of its last attempt
   */
  public record Cause(String reason, String error, int attempt) {}

  /**
   * Writes the dead letter and acknowledges the entry. Repeats it until it succeeds.
   *
   * @param stillPending false if the entry is not in the pending entries list any more; the dead
   *     letter is written all the same
   * @param then called on the loop: whether the dead letter was written; if not, the entry is not
   *     pending for this consumer any more
   */
  public void writeDeadLetter(
      EntryId id, Cause cause, boolean stillPending, Consumer<Boolean> then) {
    if (link.shareSlot(List.of(stream.stream(), spec.stream()))) {
      acknowledger.write(new InOneStep(id, cause, stillPending, then));
    } else {
      persistent.call(
          "dead-letter",
          () -> inTwoSteps(id, cause, stillPending),
          ours -> {
            if (ours && stillPending) {
              acknowledger.acknowledge(id, then);
            } else {
              then.accept(ours);
            }
          });
    }
  }

  private final class InOneStep implements LeasedWrite {

    private final EntryId id;
    private final Cause cause;
    private final boolean stillPending;
    private final Consumer<Boolean> then;

    InOneStep(EntryId id, Cause cause, boolean stillPending, Consumer<Boolean> then) {
      this.id = id;
      this.cause = cause;
      this.stillPending = stillPending;
      this.then = then;
    }

    @Override
    public void send(LeaseProof proof, Consumer<Result> answered) {
      persistent.call(
          "dead-letter",
          () -> inOneStep(id, cause, stillPending, proof),
          reply -> {
            Result result = Result.of((Long) reply.getFirst());
            answered.accept(result);
            then.accept(result == Result.TAKEN);
          });
    }

    @Override
    public void lost() {
      then.accept(false);
    }
  }

  private CompletableFuture<List<Object>> inOneStep(
      EntryId id, Cause cause, boolean stillPending, LeaseProof proof) {
    String mark =
        stillPending
            ? ""
            : link.beside(stream.stream(), ":lost:" + stream.group() + ":" + id).orElse("");
    return link.eval(
        DEAD_LETTER,
        List.of(stream.stream(), spec.stream()),
        args ->
            args.add(stream.group())
                .add(stream.consumer())
                .add(id.toString())
                .add(stillPending ? 1 : 0)
                .add(spec.maxLength())
                .add(line(cause.error()))
                .add(cause.attempt())
                .add(cause.reason())
                .add(clock.instant().toString())
                .add(MOST_FIELDS)
                .add(mark)
                .add(MARKED.toMillis())
                .add(proof.lease())
                .add(proof.token())
                .add(proof.number()));
  }

  /**
   * For streams in different slots of a Cluster: appends the dead letter, then acknowledges. A
   * crash in between leaves the entry pending, and a second dead letter is written. Entries are
   * copied through this process one at a time; fields that do not fit are left out.
   */
  private CompletableFuture<Boolean> inTwoSteps(EntryId id, Cause cause, boolean stillPending) {
    CompletableFuture<Boolean> turn =
        before
            .handle((done, failure) -> true)
            .thenCompose(done -> appendThenAcknowledge(id, cause, stillPending));
    before = turn;
    return turn;
  }

  private CompletableFuture<Boolean> appendThenAcknowledge(
      EntryId id, Cause cause, boolean stillPending) {
    CompletableFuture<Boolean> ours =
        stillPending ? isPending(id) : CompletableFuture.completedFuture(true);
    return ours.thenCompose(
        yes -> {
          if (!yes) {
            return CompletableFuture.completedFuture(false);
          }
          return link.eval(
                  WITHIN, List.of(stream.stream()), args -> args.add(id.toString()).add(largest))
              .thenCompose(entry -> link.status(CommandType.XADD, deadLetter(id, cause, entry)))
              .thenApply(written -> true);
        });
  }

  private CompletableFuture<Boolean> isPending(EntryId id) {
    return link.list(
            CommandType.XPENDING,
            Link.args()
                .addKey(stream.stream())
                .add(stream.group())
                .add(id.toString())
                .add(id.toString())
                .add(1)
                .add(stream.consumer()))
        .thenApply(rows -> !rows.isEmpty());
  }

  private CommandArgs<String, byte[]> deadLetter(EntryId id, Cause cause, List<Object> entry) {
    long leftOut = (Long) entry.get(0);
    List<?> fields = (List<?>) entry.get(1);
    CommandArgs<String, byte[]> args = Link.args().addKey(spec.stream());
    if (spec.maxLength() > 0) {
      args.add("MAXLEN").add("~").add(spec.maxLength());
    }
    args.add("*").add("original_stream").add(stream.stream());
    args.add("original_msg_id").add(id.toString());
    args.add("error").add(line(cause.error())).add("attempt").add(cause.attempt());
    for (String name : NAMED) {
      args.add(name).add(field(fields, name));
    }
    args.add("group").add(stream.group()).add("consumer").add(stream.consumer());
    args.add("reason").add(cause.reason());
    args.add("failed_at").add(clock.instant().toString());
    addOthers(args, fields, leftOut);
    return args;
  }

  private static void addOthers(
      CommandArgs<String, byte[]> args, List<?> fields, long leftOutAlready) {
    List<Integer> others =
        IntStream.range(0, fields.size() / 2)
            .map(i -> 2 * i)
            .filter(i -> !NAMED.contains(Link.text(fields.get(i))))
            .boxed()
            .toList();
    long leftOut = leftOutAlready + Math.max(0, others.size() - MOST_FIELDS);
    if (leftOut > 0) {
      args.add("fields_left_out").add(leftOut);
    }
    others.stream()
        .limit(MOST_FIELDS)
        .forEach(
            i -> args.add("field." + Link.text(fields.get(i))).add((byte[]) fields.get(i + 1)));
  }

  private static byte[] field(List<?> fields, String name) {
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      if (Link.text(fields.get(i)).equals(name) && fields.get(i + 1) instanceof byte[] value) {
        return value;
      }
    }
    return new byte[0];
  }

  private static String line(String error) {
    String line = error.length() > LONGEST_ERROR ? error.substring(0, LONGEST_ERROR) + "…" : error;
    return line.replaceAll("\\R", " ");
  }
}
