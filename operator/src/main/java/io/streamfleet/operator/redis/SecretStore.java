package io.streamfleet.operator.redis;

import io.streamfleet.redis.Secret;
import java.util.Optional;

/** Reads Secrets. */
@FunctionalInterface
public interface SecretStore {

  /**
   * Reads a Secret; blocks.
   *
   * @return empty when it does not exist
   * @throws RuntimeException when it could not be read
   */
  Optional<Secret> secret(String namespace, String name);
}
