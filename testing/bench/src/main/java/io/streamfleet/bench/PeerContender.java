package io.streamfleet.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java peer: a program in a jar of its own, with its own libraries, that lists the peers it
 * contains.
 */
record PeerContender(
    Path jar,
    String id,
    String name,
    String version,
    String configuration,
    List<String> doesNotGuarantee,
    int readers)
    implements Contender {

  /** The peers in a jar. */
  static List<Contender> in(Path jar) throws IOException, InterruptedException {
    List<Contender> peers = new ArrayList<>();
    for (JsonNode it :
        new ObjectMapper()
            .readTree(Program.output(Program.java("-jar", jar.toString(), "describe")))) {
      List<String> lacks = new ArrayList<>();
      it.get("doesNotGuarantee").forEach(lack -> lacks.add(lack.asText()));
      peers.add(
          new PeerContender(
              jar,
              it.get("id").asText(),
              it.get("name").asText(),
              it.get("version").asText(),
              it.get("configuration").asText(),
              lacks,
              it.get("readers").asInt()));
    }
    return peers;
  }

  @Override
  public boolean takes(Work work) {
    return !work.traced();
  }

  @Override
  public Child start(Lab lab, Work work, String consumer) throws IOException {
    List<String> arguments = new ArrayList<>(lab.jvmOptions());
    arguments.addAll(
        List.of(
            "-jar",
            jar.toString(),
            id,
            handler(work.handler()),
            lab.redis().url(),
            work.stream(),
            Lab.GROUP,
            consumer,
            Boolean.toString(work.ordered()),
            Long.toString(work.minIdle().toMillis()),
            Long.toString(work.claimEvery().toMillis())));
    return Child.start(lab.log(consumer), arguments);
  }

  /** How the programs of all peers name a handler. */
  static String handler(Work.Handler handler) {
    return switch (handler) {
      case Work.Discard() -> "discard";
      case Work.Timed(Path file) -> "time:" + file.toAbsolutePath();
      case Work.Wait(var duration) -> "wait:" + duration.toMillis();
      case Work.Post _ -> throw new IllegalArgumentException("peers do not post");
    };
  }
}
