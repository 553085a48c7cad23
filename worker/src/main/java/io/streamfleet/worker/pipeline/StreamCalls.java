package io.streamfleet.worker.pipeline;

import io.streamfleet.worker.loop.CallReport;
import io.streamfleet.worker.read.StreamReader;
import java.util.Set;

/** Hears how the calls about one stream go, and has its group seen to when they tell of that. */
record StreamCalls(String stream, GroupRecovery recovery, FailingCalls failing)
    implements CallReport {

  /** What is answered only where there is a group. */
  private static final Set<String> NEEDS_GROUP =
      Set.of(StreamReader.READ, StreamReader.LOOK, FetchQueue.FETCH);

  @Override
  public void failed(String what, Throwable failure) {
    if (!recovery.seesTo(failure)) {
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
