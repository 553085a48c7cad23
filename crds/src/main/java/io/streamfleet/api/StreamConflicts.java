package io.streamfleet.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the streams of one resource with each other. A stream that is two things at once is a
 * circle: what the fleet writes it reads again, for ever. Two resources may well share a stream:
 * one that reads the dead letters of another does so on purpose.
 *
 * <p>Names are compared as Redis compares them, byte by byte.
 */
final class StreamConflicts {

  private final String prefix;
  private final List<Violation> found = new ArrayList<>();

  /** What each stream is for, as a part of a sentence. */
  private final Map<String, String> uses = new LinkedHashMap<>();

  private StreamConflicts(String path) {
    this.prefix = path.isEmpty() ? "" : path + ".";
  }

  /** Everything that is used twice, each with its place and what to change. */
  static List<Violation> of(StreamConsumerGroupSpec spec, String path) {
    StreamConflicts conflicts = new StreamConflicts(path);
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      inbound.streams().forEach(stream -> conflicts.uses.put(stream, "one of inbound.streams"));
    }
    OutboundSpec outbound = spec.outbound();
    if (outbound != null) {
      conflicts.outbound(outbound);
    }
    conflicts.use(
        "deadLetter.stream",
        spec.deadLetter().stream(),
        "%s is also %s, hence dead letters would be handled again for ever: choose another stream",
        "the stream of the dead letters");
    if (spec.trace().enabled()) {
      conflicts.use(
          "trace.activeSet",
          spec.trace().activeSet(),
          "%s is also %s, and a key that is a stream can't be a set: choose another key",
          "the set of the active traces");
    }
    return List.copyOf(conflicts.found);
  }

  private void outbound(OutboundSpec outbound) {
    for (String platform : outbound.platforms()) {
      use(
          "outbound.streamTemplate",
          outbound.streamOf(platform),
          "the platform "
              + platform
              + " has the stream %s, which is also %s, hence what is sent out would be handled"
              + " again for ever: choose another template or platform",
          "the stream of the platform " + platform);
    }
  }

  private void use(String place, String stream, String problem, String use) {
    String before = uses.putIfAbsent(stream, use);
    if (before != null) {
      found.add(new Violation(prefix + place, problem.formatted(stream, before)));
    }
  }
}
