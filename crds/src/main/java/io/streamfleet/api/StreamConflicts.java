package io.streamfleet.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds streams that a resource uses for two purposes. That would be a loop: the fleet would read
 * what it writes, for ever. Two resources may share a stream: a fleet that reads the dead letters
 * of another does so on purpose.
 *
 * <p>Names are compared byte by byte, as in Redis.
 */
final class StreamConflicts {

  private final String prefix;
  private final List<Violation> found = new ArrayList<>();

  /** What each stream is used for, as a part of a sentence. */
  private final Map<String, String> uses = new LinkedHashMap<>();

  private StreamConflicts(String path) {
    this.prefix = path.isEmpty() ? "" : path + ".";
  }

  /** All conflicts, each with its path and what to change. */
  static List<Violation> of(StreamConsumerGroupSpec spec, String path) {
    StreamConflicts conflicts = new StreamConflicts(path);
    InboundSpec inbound = spec.inbound();
    if (inbound != null) {
      inbound.streams().forEach(stream -> conflicts.uses.put(stream, "one of inbound.streams"));
      inbound
          .readStreams()
          .forEach(it -> conflicts.uses.putIfAbsent(it, "a partition of one of inbound.streams"));
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
