package io.streamfleet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** All contenders and their description. */
final class Contenders {

  private Contenders() {}

  /** The available peers of the worker; logs the missing ones and the reason. */
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

  /** Their names, their configuration, and the guarantees they lack. */
  static List<Table> describe(List<Contender> contenders) {
    Table who =
        new Table(
            "Who",
            "Each is configured as its documentation says and a fair expert would; see"
                + " docs/bench.md.",
            List.of("contender", "version", "configuration"));
    Table lacks =
        new Table(
            "What they do not guarantee",
            "Compared with the worker, by themselves: most can be added by the user.",
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
