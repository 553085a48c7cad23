package io.streamfleet.operator.redis;

import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.group.ConsumerGroup;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What the observation of one Redis server needs from the operator, and where it reports to. */
interface InstanceEnvironment {
  RedisConnector connector(RedisTarget target, Credentials credentials);

  SecretStore secrets();

  Duration interval();

  /** The timeout to connect and for each reply. */
  Duration timeout();

  RandomGenerator random();

  void seen(Fleet fleet, RedisObservation observation);

  void created(Fleet fleet, ConsumerGroup group);

  void observed(boolean success);
}
