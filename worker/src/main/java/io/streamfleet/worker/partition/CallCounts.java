package io.streamfleet.worker.partition;

/** What was counted here under a grant. */
public record CallCounts(CallCount reads, CallCount settlements) {

  boolean allow(CallCounts later, Renewed renewed) {
    return reads.allows(later.reads, renewed.reads())
        && settlements.allows(later.settlements, renewed.settlements());
  }
}
