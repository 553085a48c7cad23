package io.streamfleet.worker.handle;

import io.streamfleet.api.BatchSpec;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Posts entries to an HTTP endpoint in batches. Of entries that run one after the other only the
 * first is in a batch; the next one joins a later batch when it has its result.
 *
 * <p>An entry starts when its batch is sent. Interrupted, it leaves the batch: the others stay, and
 * its result is ignored. The connection is closed when all have left.
 *
 * <p>Everything but {@link #run} and {@link #turn} happens on one thread of the client.
 */
final class BatchingExecutor implements HandlerExecutor {

  private static final Outcome LEFT = new Outcome.Transient("interrupted", Optional.empty());

  private final HttpHandler handler;
  private final HandlerCall outcomes;
  private final EntryStart start;
  private final IntConsumer sizes;
  private final Consumer<List<Entry>> completed;
  private final BatchQueue<Sequence> queue;

  /** Passed in this turn of the pipeline's loop, to which the list belongs. */
  private List<Sequence> passed = new ArrayList<>();

  /** Entries that have an outcome since the pipeline's loop was notified last. */
  private List<Entry> done = new ArrayList<>();

  /**
   * @param sizes called with the size of each batch
   */
  BatchingExecutor(
      HttpHandler handler,
      BatchSpec spec,
      EntryStart start,
      IntConsumer sizes,
      Consumer<List<Entry>> completed) {
    this.handler = handler;
    this.outcomes = new HandlerCall(handler);
    this.start = start;
    this.sizes = sizes;
    this.completed = completed;
    this.queue =
        new BatchQueue<>(
            spec,
            BatchBody.MOST_BYTES,
            handler::schedule,
            this::settle,
            sequences -> new Batch().send(sequences));
  }

  @Override
  public void fresh(long nanos) {
    start.fresh(nanos);
  }

  @Override
  public boolean shares() {
    return false;
  }

  @Override
  public void run(List<Entry> entries) {
    // Alone: a probe, or a suspect, beside which nothing else starts, so nothing is to wait for.
    passed.add(new Sequence(entries, start.fresh(), entries.getFirst().isAlone()));
  }

  @Override
  public void turn() {
    if (!passed.isEmpty()) {
      List<Sequence> all = passed;
      passed = new ArrayList<>();
      handler.execute(
          () -> {
            all.forEach(this::offer);
            settle();
          });
    }
  }

  /** Entries to be posted one after the other. */
  private static final class Sequence {

    private final List<Entry> entries;
    private final long fresh;
    private final boolean runsAlone;
    private int at;

    Sequence(List<Entry> entries, long fresh, boolean runsAlone) {
      this.entries = entries;
      this.fresh = fresh;
      this.runsAlone = runsAlone;
    }

    boolean isOver() {
      return at == entries.size();
    }

    Entry next() {
      return entries.get(at);
    }

    /**
     * Whether the next entry gets a request of its own: if it is one that made a batch fail as a
     * whole, the others must not fail again with it.
     */
    boolean isApart() {
      return runsAlone || next().attempt() > 1 || next().wasInFailedBatch();
    }
  }

  private void offer(Sequence sequence) {
    if (sequence.isOver()) {
      return;
    }
    if (sequence.isApart()) {
      new Batch().send(List.of(sequence));
    } else {
      queue.add(sequence, BatchBody.guess(sequence.next()));
    }
  }

  /** Called at the end of each task: sends what has waited enough, passes on what is done. */
  private void settle() {
    queue.turn();
    if (!done.isEmpty()) {
      List<Entry> all = done;
      done = new ArrayList<>();
      completed.accept(all);
    }
  }

  private boolean begins(Sequence sequence, Runnable interrupt) {
    Entry entry = sequence.next();
    try {
      return start.begin(entry, sequence.fresh, interrupt);
    } catch (RuntimeException | Error e) {
      // A bug in the worker: the others must run all the same.
      entry.outcome(new Outcome.Transient(FailureText.of(e), Optional.empty()));
      entry.lease().halt();
      return false;
    }
  }

  /** An entry in a batch. */
  private static final class Member {

    private final Sequence sequence;
    private boolean isOut;

    Member(Sequence sequence) {
      this.sequence = sequence;
    }

    Entry entry() {
      return sequence.next();
    }
  }

  private final class Batch implements BatchCall.Completion {

    private final List<Member> members = new ArrayList<>();
    private int inside;
    private @Nullable HttpCall call;

    void send(List<Sequence> sequences) {
      sequences.forEach(this::join);
      if (members.isEmpty()) {
        return;
      }
      inside = members.size();
      sizes.accept(inside);
      try {
        HttpCall its = handler.call(members.stream().map(Member::entry).toList(), this);
        call = its;
        handler.start(its);
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }

    /** Starts the first entry of a sequence that may start. */
    private void join(Sequence sequence) {
      Member member = new Member(sequence);
      while (!sequence.isOver() && !begins(sequence, () -> handler.execute(() -> leave(member)))) {
        done.add(sequence.next());
        sequence.at++;
      }
      if (!sequence.isOver()) {
        members.add(member);
      }
    }

    /** A member was interrupted. */
    private void leave(Member member) {
      if (member.isOut) {
        return;
      }
      end(member, LEFT);
      HttpCall its = call;
      if (inside == 0 && its != null) {
        its.cancel();
      }
      settle();
    }

    @Override
    public void answered(List<BatchAnswer.Result> results, LongRead memory) {
      List<Outcome> all = results.stream().map(this::outcome).toList();
      handler.execute(() -> end(all, memory));
    }

    private Outcome outcome(BatchAnswer.Result result) {
      return switch (result) {
        case BatchAnswer.Result.Done(var handled) -> outcomes.of(handled);
        case BatchAnswer.Result.Failed(var failure) -> outcomes.of(failure);
      };
    }

    private void end(List<Outcome> all, LongRead memory) {
      AtomicInteger emitting = new AtomicInteger(1);
      Runnable emitted =
          () -> {
            if (emitting.decrementAndGet() == 0) {
              memory.end();
            }
          };
      for (int i = 0; i < all.size(); i++) {
        Member member = members.get(i);
        Outcome outcome = all.get(i);
        if (!member.isOut) {
          if (outcome instanceof Outcome.Success(var messages) && !messages.isEmpty()) {
            emitting.incrementAndGet();
            member.entry().letGoAtItsEnd(emitted);
          }
          end(member, outcome);
        }
      }
      emitted.run();
      settle();
    }

    @Override
    public void failed(Throwable failure) {
      // One object for all, by which the breaker sees that it was one call.
      Outcome outcome = ofAll(outcomes.of(failure));
      handler.execute(
          () -> {
            members.stream().filter(it -> !it.isOut).forEach(it -> end(it, outcome));
            settle();
          });
    }

    /** If it is the failure of a message, it is not known of which. */
    private Outcome ofAll(Outcome outcome) {
      if (members.size() == 1) {
        return outcome;
      }
      return switch (outcome) {
        case Outcome.Transient(var what, _) -> new Outcome.BatchFailed(what);
        case Outcome.Permanent(var what) -> new Outcome.BatchFailed(what);
        case Outcome.Limited(var what, _) -> new Outcome.BatchFailed(what);
        default -> outcome;
      };
    }

    private void end(Member member, Outcome outcome) {
      Sequence sequence = member.sequence;
      Entry entry = sequence.next();
      member.isOut = true;
      inside--;
      start.end(entry, outcome);
      done.add(entry);
      sequence.at++;
      offer(sequence);
    }
  }
}
