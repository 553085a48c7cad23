package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.partition.PartitionReader;
import io.streamfleet.worker.partition.PartitionReads;
import io.streamfleet.worker.read.StreamReader;
import java.util.Set;

/** Tracks the calls for one stream, and starts the recovery of its group if they fail for it. */
record StreamCalls(String stream, GroupRecovery recovery, FailingCalls failing)
    implements CallReport {

  /** Operations that succeed only if the group exists. */
  private static final Set<String> NEEDS_GROUP =
      Set.of(
          StreamReader.READ,
          StreamReader.LOOK,
          FetchQueue.FETCH,
          PartitionReader.TAKE,
          PartitionReads.READ);

  @Override
  public void failed(String what, Throwable failure) {
    if (!recovery.recoversFrom(failure)) {
      failing.failed(what, stream, failure);
    }
  }

  @Override
  public void worked(String what) {
    failing.worked(what, stream);
    if (NEEDS_GROUP.contains(what)) {
      recovery.works();
    }
  }
}
