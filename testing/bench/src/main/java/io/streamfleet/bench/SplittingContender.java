package io.streamfleet.bench;

import io.streamfleet.worker.partition.Partitions;
import java.io.IOException;
import java.util.List;

/** A worker that moves the entries of a plain stream to its partitions, and handles none. */
final class SplittingContender implements Contender {

  private static final int COUNT = 32;

  private final WorkerContender worker = new WorkerContender();

  @Override
  public String name() {
    return "splitter, %d partitions".formatted(COUNT);
  }

  @Override
  public String version() {
    return worker.version();
  }

  @Override
  public String configuration() {
    return worker.configuration();
  }

  @Override
  public List<String> doesNotGuarantee() {
    return List.of();
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
    Contender.super.fill(lab, stream, messages, count);
  }

  @Override
  public void clear(Lab lab, String stream) {
    lab.redis().delete(new Partitions(stream, COUNT).streams().toArray(String[]::new));
    Contender.super.clear(lab, stream);
  }
}
