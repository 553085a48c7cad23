package io.streamfleet.bench;

import io.streamfleet.worker.partition.Partitions;
import java.io.IOException;

/** A worker that moves the entries of a plain stream to its partitions, and handles none. */
record SplittingContender(WorkerContender worker) implements WorkerVariant {

  private static final int COUNT = 32;

  @Override
  public String name() {
    return "splitter, %d partitions".formatted(COUNT);
  }

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    String more = "  partitions: {count: %d, from: Splitter}\n  paused: true\n".formatted(COUNT);
    return worker.start(lab, WorkerContender.manifest(work, lab.redis().url(), more), consumer);
  }

  /** The entries of the lap before are in the partitions, which would refuse them. */
  @Override
  public void fill(Lab lab, String stream, Messages messages, long count)
      throws IOException, InterruptedException {
    lab.redis().delete(new Partitions(stream, COUNT).streams().toArray(String[]::new));
    WorkerVariant.super.fill(lab, stream, messages, count);
  }

  @Override
  public void clear(Lab lab, String stream) {
    lab.redis().delete(new Partitions(stream, COUNT).streams().toArray(String[]::new));
    WorkerVariant.super.clear(lab, stream);
  }
}
