package io.streamfleet.bench;

import java.io.IOException;

/** The worker with everything switched on that guards a handler, and nothing that it has to do. */
record SafeguardedContender(WorkerContender worker) implements WorkerVariant {

  /** Never reached, but asked for. */
  private static final String LIMITS =
      "  limits: {rate: 1000000/s, burst: 100000, concurrency: 100000}\n";

  @Override
  public String name() {
    return "worker, limits and state directory";
  }

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    return worker.start(
        lab,
        WorkerContender.manifest(work, lab.redis().url(), LIMITS),
        consumer,
        "--state-dir",
        lab.folder().resolve("state-" + consumer).toString());
  }
}
