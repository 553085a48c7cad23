package io.streamfleet.operator.redis;

import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.RedisConnector;
import io.streamfleet.redis.group.ConsumerGroup;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What the looks at one Redis need from the operator, and whom they tell. */
interface InstanceEnvironment {
  RedisConnector connector(RedisTarget target, Credentials credentials);

  SecretStore secrets();

  Duration interval();

  /** How long Redis may take to connect, and to answer. */
  Duration timeout();

  RandomGenerator random();

  void seen(Fleet fleet, RedisObservation observation);

  void created(Fleet fleet, ConsumerGroup group);

  void observed(boolean success);
}
