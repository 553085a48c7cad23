package io.streamfleet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** All who are measured, and what is to be said of them. */
final class Contenders {

  private Contenders() {}

  /** The worker's peers as far as they are there; who is left out is said, and why. */
  static List<Contender> peers(Lab lab) throws IOException, InterruptedException {
    if (!Files.exists(lab.peersJar())) {
      lab.say(
          "there is no %s, so the peers are left out: build testing/peers"
              .formatted(lab.peersJar()));
      return List.of();
    }
    List<Contender> peers = new ArrayList<>(PeerContender.in(lab.peersJar()));
    try {
      peers.add(new BullmqContender(BullmqProgram.install(lab.peersJar())));
    } catch (IOException e) {
      lab.say("BullMQ is left out: " + e.getMessage());
    }
    return peers;
  }

  /** Who they are, how they are set up, and what they do not guarantee. */
  static List<Table> describe(List<Contender> contenders) {
    Table who =
        new Table(
            "Who",
            "Each is set up as its documentation says and a fair expert would; see docs/bench.md.",
            List.of("contender", "version", "configuration"));
    Table lacks =
        new Table(
            "What they do not guarantee",
            "Beside the worker, by themselves: most can be built around them.",
            List.of("contender", "does not guarantee"));
    for (Contender contender : contenders) {
      who.row(contender.name(), contender.version(), contender.configuration());
      if (!contender.doesNotGuarantee().isEmpty()) {
        lacks.row(contender.name(), String.join("; ", contender.doesNotGuarantee()));
      }
    }
    return List.of(who, lacks);
  }
}
