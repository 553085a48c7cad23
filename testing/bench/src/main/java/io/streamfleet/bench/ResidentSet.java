package io.streamfleet.bench;

import java.io.IOException;
import java.util.List;

/** What the kernel has given a process: heap, code, stacks, and what the collector keeps. */
final class ResidentSet {

  private ResidentSet() {}

  /** In MiB. */
  static double mebibytes(Child child) throws IOException, InterruptedException {
    String kibibytes =
        Program.output(List.of("ps", "-o", "rss=", "-p", Long.toString(child.pid())));
    return Long.parseLong(kibibytes.strip()) / 1024.0;
  }
}
