package io.streamfleet.bench;

import java.io.IOException;
import java.util.List;

/** The resident set of a process: heap, code, stacks, and memory kept by the collector. */
final class ResidentSet {

  private ResidentSet() {}

  /** In MiB. */
  static double mebibytes(Child child) throws IOException, InterruptedException {
    String kibibytes =
        Program.output(List.of("ps", "-o", "rss=", "-p", Long.toString(child.pid())));
    return Long.parseLong(kibibytes.strip()) / 1024.0;
  }
}
