package io.streamfleet.worker.fleet;

import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.RedisSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A user of Redis who may do little. */
public final class FewRights {

  private FewRights() {}

  /**
   * Does something as that user.
   *
   * @param rights rules of an ACL, separated by spaces
   */
  public static void as(String redisUrl, Traffic traffic, String rights, Consumer<Link> deed) {
    CommandArgs<String, byte[]> args = Link.args();
    args.add("SETUSER").add("few").add("reset").add("on").add(">x").add("~*").add("&*");
    for (String right : rights.split(" ", -1)) {
      args.add(right);
    }
    args.add("+ping").add("+hello").add("+client");
    traffic.redis().dispatch(CommandType.ACL, new StatusOutput<>(Link.CODEC), args);
    RedisSettings settings =
        new RedisSettings(
            redisUrl,
            false,
            false,
            Duration.ofSeconds(10),
            () ->
                new Credentials(
                    Optional.of(new Credentials.Login(Optional.of("few"), "x")),
                    Optional.empty(),
                    List.of(),
                    Optional.empty()),
            true,
            "test");
    RedisConnector connector = RedisConnector.to(settings, Duration.ofSeconds(1));
    try (Link link = connector.connect()) {
      deed.accept(link);
    } finally {
      connector.close();
    }
  }
}
