package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Posts entries to an HTTP endpoint without a thread for each. Of entries that run one after the
 * other, the next one is posted on the client's thread when the answer to the one before arrives.
 */
final class CallingExecutor implements HandlerExecutor {

  private final HttpHandler handler;
  private final HandlerCall outcomes;
  private final EntryStart start;
  private final Consumer<List<Entry>> completed;
  private final Object lock = new Object();
  private List<Entry> done = new ArrayList<>();
  private List<Sequence> gathered = new ArrayList<>();

  CallingExecutor(HttpHandler handler, EntryStart start, Consumer<List<Entry>> completed) {
    this.handler = handler;
    this.outcomes = new HandlerCall(handler);
    this.start = start;
    this.completed = completed;
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
    gathered.add(new Sequence(entries, start.fresh()));
  }

  @Override
  public void turn() {
    if (!gathered.isEmpty()) {
      List<Sequence> all = gathered;
      gathered = new ArrayList<>();
      handler.execute(() -> all.forEach(Sequence::next));
    }
  }

  /** Entries to be posted one after the other. Used by one thread at a time. */
  private final class Sequence implements MessageCall.Completion {

    private final List<Entry> entries;
    private final long fresh;
    private int at;

    Sequence(List<Entry> entries, long fresh) {
      this.entries = entries;
      this.fresh = fresh;
    }

    void next() {
      while (at < entries.size() && !begins(entries.get(at))) {
        complete(entries.get(at++));
      }
    }

    private boolean begins(Entry entry) {
      HttpCall call = handler.call(entry, this);
      boolean hasBegun = false;
      try {
        hasBegun = start.begin(entry, fresh, call::cancel);
        if (hasBegun) {
          handler.start(call);
        }
        return hasBegun;
      } catch (RuntimeException | Error e) {
        // A bug in the worker: the entries after this one must run all the same.
        Outcome failed = new Outcome.Transient(FailureText.of(e), Optional.empty());
        if (hasBegun) {
          start.end(entry, failed);
        } else {
          entry.outcome(failed);
          entry.lease().halt();
        }
        return false;
      }
    }

    @Override
    public void handled(Handled handled) {
      ended(outcomes.of(handled));
    }

    @Override
    public void failed(Throwable failure) {
      ended(outcomes.of(failure));
    }

    private void ended(Outcome outcome) {
      Entry entry = entries.get(at++);
      start.end(entry, outcome);
      complete(entry);
      next();
    }
  }

  /**
   * Collects the entries that complete in one turn of the client's loop, so that the pipeline's
   * loop is woken up once for all of them.
   */
  private void complete(Entry entry) {
    boolean isFirst;
    synchronized (lock) {
      isFirst = done.isEmpty();
      done.add(entry);
    }
    if (isFirst) {
      handler.execute(this::completeAll);
    }
  }

  private void completeAll() {
    List<Entry> all;
    synchronized (lock) {
      all = done;
      done = new ArrayList<>();
    }
    completed.accept(all);
  }
}
