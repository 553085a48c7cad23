package io.streamfleet.worker.partition;

import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.loop.EventLoop;
import io.streamfleet.worker.partition.Holding.Phase;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Renews the leases of this worker, and detects lost ones. Belongs to the loop. */
final class LeaseRenewal {

  /** The operation, in metrics and logs. */
  private static final String RENEW = "renew leases";

  /** Renewals within the term of a lease: two may fail before it expires. */
  private static final int RENEWALS = 3;

  /** A lease counts as held for this part of its term less, since clocks may differ in speed. */
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

  /** Starts to renew periodically; calls {@code lost} for each lost lease. */
  void start(BiConsumer<Integer, Holding> lost) {
    loop.after(
        term.dividedBy(RENEWALS),
        () -> {
          renew(lost);
          start(lost);
        });
  }

  /** Renews all leases now. */
  void renew(BiConsumer<Integer, Holding> lost) {
    Map<Integer, Holding> sent = holdings.matching(holding -> !holding.is(Phase.LOST));
    if (sent.isEmpty()) {
      return;
    }
    Map<Integer, Grant> grants = new LinkedHashMap<>();
    Map<Integer, CallCount> before = new HashMap<>();
    sent.forEach(
        (partition, holding) -> {
          grants.put(partition, holding.grant);
          before.put(partition, listener.settlements(partition));
        });
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
                            if (!isKept(partition, holding, renewed.get(partition), sentAt)
                                || !isInStep(partition, holding, before, renewed)) {
                              lost.accept(partition, holding);
                            }
                          });
                    }));
  }

  private boolean isKept(int partition, Holding holding, @Nullable Renewed renewed, long sentAt) {
    if (!holdings.isCurrent(partition, holding) || holding.is(Phase.LOST)) {
      return true;
    }
    if (renewed == null) {
      return false;
    }
    holding.surelyUntil(surelyUntil(sentAt, renewed.left()));
    return true;
  }

  /** Whether Redis has forgotten nothing that was done here. */
  private boolean isInStep(
      int partition,
      Holding holding,
      Map<Integer, CallCount> before,
      Map<Integer, Renewed> renewed) {
    CallCount then = before.get(partition);
    Renewed redis = renewed.get(partition);
    return then == null
        || redis == null
        || !holdings.isCurrent(partition, holding)
        || !holding.is(Phase.HELD)
        || then.allows(listener.settlements(partition), redis.settlements());
  }

  /**
   * Until when a lease is certainly held: by the time that was left before the renewal, since a
   * failover may lose the renewal.
   */
  long surelyUntil(long sentAt, Duration left) {
    return sentAt + left.toNanos() - term.toNanos() / SAFETY_PART;
  }
}
