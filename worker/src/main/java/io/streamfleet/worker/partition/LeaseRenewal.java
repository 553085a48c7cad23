package io.streamfleet.worker.partition;

import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.partition.Holding.Phase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Keeps the leases that this worker has, and finds out which it has lost. Belongs to the loop. */
final class LeaseRenewal {

  /** The operation, in metrics and logs. */
  private static final String RENEW = "renew leases";

  /** Two renewals may fail before a lease runs out. */
  private static final int RENEWALS = 3;

  /** A lease counts as ours for this part of its time less, so that clocks may differ in speed. */
  private static final int SAFETY_PART = 20;

  private final EventLoop loop;
  private final Leases leases;
  private final Holdings holdings;
  private final Duration term;
  private final RebalanceListener listener;
  private final CallReport calls;

  LeaseRenewal(
      EventLoop loop,
      Leases leases,
      Holdings holdings,
      Duration term,
      RebalanceListener listener,
      CallReport calls) {
    this.loop = loop;
    this.leases = leases;
    this.holdings = holdings;
    this.term = term;
    this.listener = listener;
    this.calls = calls;
  }

  /** Begins; tells which leases are lost. */
  void start(BiConsumer<Integer, Holding> lost) {
    loop.after(
        term.dividedBy(RENEWALS),
        () -> {
          renew(lost);
          start(lost);
        });
  }

  /** Renews all of them now. */
  void renew(BiConsumer<Integer, Holding> lost) {
    Map<Integer, Holding> sent = holdings.matching(holding -> !holding.is(Phase.LOST));
    if (sent.isEmpty()) {
      return;
    }
    Map<Integer, Grant> grants = new LinkedHashMap<>();
    sent.forEach((partition, holding) -> grants.put(partition, holding.grant));
    long sentAt = loop.now();
    leases
        .renew(grants)
        .whenComplete(
            (renewed, failure) ->
                loop.execute(
                    () -> {
                      if (failure != null) {
                        calls.failed(RENEW, failure);
                        return;
                      }
                      calls.worked(RENEW);
                      sent.forEach(
                          (partition, holding) -> {
                            if (!isKept(partition, holding, renewed.get(partition), sentAt)) {
                              lost.accept(partition, holding);
                            }
                          });
                    }));
  }

  private boolean isKept(
      int partition, Holding holding, Leases.@Nullable Renewed renewed, long sentAt) {
    if (!holdings.isCurrent(partition, holding) || holding.is(Phase.LOST)) {
      return true;
    }
    if (renewed == null) {
      return false;
    }
    holding.surelyUntil(surelyUntil(sentAt, renewed.left()));
    return !holding.is(Phase.HELD)
        || listener.agrees(partition, renewed.reads(), renewed.settlements());
  }

  /** As long as a lease was before it was renewed: a failover may lose the renewal. */
  long surelyUntil(long sentAt, Duration left) {
    return sentAt + left.toNanos() - term.toNanos() / SAFETY_PART;
  }
}
