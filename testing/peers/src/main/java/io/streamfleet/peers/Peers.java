package io.streamfleet.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.peers.Peer.Consumption;
import io.streamfleet.peers.lettuce.LettucePeer;
import io.streamfleet.peers.redisson.RedissonPeer;
import io.streamfleet.peers.spring.SpringPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The program: runs one peer until SIGTERM, or lists the peers. */
public final class Peers {

  static final List<Peer> ALL = List.of(new LettucePeer(), new SpringPeer(), new RedissonPeer());

  private Peers() {}

  /**
   * Runs a peer.
   *
   * @param args {@code describe}, or the id of a peer, the name of its handler, and its assignment
   */
  public static void main(String[] args) throws IOException {
    // msgpack's default buffer uses sun.misc.Unsafe, for which Java prints a warning to standard
    // error.
    System.setProperty("msgpack.universal-buffer", "true");
    if (args.length == 1 && args[0].equals("describe")) {
      System.out.println(describe());
    } else if (args.length > 2) {
      run(peer(args[0]), args[1], Assignment.of(List.of(args).subList(2, args.length)));
    } else {
      throw new IllegalArgumentException("usage: describe | PEER HANDLER ASSIGNMENT...");
    }
  }

  private static Peer peer(String id) {
    return ALL.stream()
        .filter(it -> it.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no peer " + id));
  }

  private static void run(Peer peer, String handlerName, Assignment assignment) {
    EntryHandler handler = EntryHandler.of(handlerName);
    Consumption consumption = peer.start(assignment, handler);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(
                    () ->
                        Crew.runOrEnd(
                            () -> {
                              consumption.close();
                              close(handler);
                            })));
  }

  private static void close(EntryHandler handler) {
    try {
      handler.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write down what was recorded", e);
    }
  }

  /** A JSON array with an object for each peer. */
  static String describe() throws IOException {
    return new ObjectMapper().writeValueAsString(ALL.stream().map(Peers::describe).toList());
  }

  private static Map<String, Object> describe(Peer peer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", peer.id());
    fields.put("name", peer.name());
    fields.put("version", peer.version());
    fields.put("configuration", peer.configuration());
    fields.put("doesNotGuarantee", peer.doesNotGuarantee());
    fields.put("readers", peer.readers());
    return fields;
  }
}
