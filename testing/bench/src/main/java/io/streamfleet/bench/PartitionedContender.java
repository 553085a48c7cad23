package io.streamfleet.bench;

import io.streamfleet.bench.Observer.Progress;
import io.streamfleet.worker.partition.Partitions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** The worker with an inbound stream of partitions, over which channels are spread. */
final class PartitionedContender implements WorkerVariant {

  private static final int COUNT = 32;

  private final WorkerContender worker = new WorkerContender();
  private final List<Messages> messages = new ArrayList<>();
  private final List<Integer> channels = new ArrayList<>();
  private final int allChannels;

  /**
   * @param channels how many there are in all
   */
  PartitionedContender(int channels) {
    this.allChannels = channels;
    Partitions partitions = new Partitions("", COUNT);
    for (int partition = 0; partition < COUNT; partition++) {
      int number = partition;
      List<Long> its =
          LongStream.range(0, channels)
              .filter(channel -> partitions.of(Messages.channelId(channel)) == number)
              .boxed()
              .toList();
      messages.add(Messages.among(its));
      this.channels.add(its.size());
    }
  }

  @Override
  public WorkerContender worker() {
    return worker;
  }

  @Override
  public String name() {
    return "worker, %d partitions".formatted(COUNT);
  }

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    String partitions = "  partitions: {count: %d}\n".formatted(COUNT);
    return worker.start(
        lab, WorkerContender.manifest(work, lab.redis().url(), partitions), consumer);
  }

  @Override
  public List<String> streams(String stream) {
    return new Partitions(stream, COUNT).streams();
  }

  @Override
  public void fill(Lab lab, String stream, Messages unused, long count)
      throws IOException, InterruptedException {
    List<String> streams = streams(stream);
    for (int partition = 0; partition < COUNT; partition++) {
      long its = count * channels.get(partition) / allChannels;
      lab.redis().provide(streams.get(partition), messages.get(partition), its);
      lab.redis().rewind(streams.get(partition), Lab.GROUP, its);
    }
  }

  @Override
  public Progress progress(Lab lab, String stream) {
    return streams(stream).stream()
        .map(one -> lab.redis().progress(one, Lab.GROUP))
        .reduce(
            new Progress(0, 0),
            (a, b) -> new Progress(a.read() + b.read(), a.pending() + b.pending()));
  }

  @Override
  public void clear(Lab lab, String stream) {
    lab.redis().delete(streams(stream).toArray(String[]::new));
  }
}
