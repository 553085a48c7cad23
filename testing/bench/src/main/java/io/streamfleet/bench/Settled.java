package io.streamfleet.bench;

import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.Script;
import java.time.Duration;
import java.util.List;

/**
 * Asks Redis, on a connection of its own, which entries are settled: delivered to a group and no
 * longer pending in it.
 */
final class Settled implements AutoCloseable {

  private static final Script SETTLED = Script.beside(Settled.class, "settled.lua");

  private final RedisConnector connector;
  private final Link link;
  private final String stream;
  private final String group;

  /**
   * @param micros the time of the answer, in microseconds since the epoch by the server's clock
   * @param ids the settled ones
   */
  record Answer(long micros, List<String> ids) {}

  Settled(String url, String stream, String group) {
    this.connector = RedisConnector.to(RedisSettings.plain(url), Duration.ZERO);
    this.link = connector.connect();
    this.stream = stream;
    this.group = group;
  }

  /** Which of these are settled. */
  Answer of(List<String> ids) {
    List<Object> reply =
        link.eval(
                SETTLED,
                List.of(stream),
                args -> {
                  args.add(group);
                  ids.forEach(args::add);
                })
            .join();
    return new Answer(
        number(reply.get(0)) * 1_000_000 + number(reply.get(1)),
        reply.stream().skip(2).map(it -> ids.get((int) number(it) - 1)).toList());
  }

  private static long number(Object reply) {
    return (Long) reply;
  }

  Link link() {
    return link;
  }

  @Override
  public void close() {
    connector.close();
  }
}
