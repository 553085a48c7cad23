package io.streamfleet.worker.handle;

import io.streamfleet.handler.Handled;
import io.streamfleet.worker.entry.Entry;
import io.streamfleet.worker.entry.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Entries are posted to an endpoint, with no thread for any of them: the next of those that are
 * handed over together begins where the answer to the one before arrived.
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

  /** Entries of which each waits for the one before. Used by one thread at a time. */
  private final class Sequence implements HttpCall.Completion {

    private final List<Entry> entries;
    private final long fresh;
    private int at;

    Sequence(List<Entry> entries, long fresh) {
      this.entries = entries;
      this.fresh = fresh;
    }

    void next() {
      while (at < entries.size() && !begins(entries.get(at))) {
        tell(entries.get(at++));
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
        // A mistake of ours: what comes behind must run all the same.
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
      tell(entry);
      next();
    }
  }

  /**
   * Gathers what a turn of the client's loop brings: the pipeline's loop is woken up once for it.
   */
  private void tell(Entry entry) {
    boolean isFirst;
    synchronized (lock) {
      isFirst = done.isEmpty();
      done.add(entry);
    }
    if (isFirst) {
      handler.execute(this::tellAll);
    }
  }

  private void tellAll() {
    List<Entry> all;
    synchronized (lock) {
      all = done;
      done = new ArrayList<>();
    }
    completed.accept(all);
  }
}
