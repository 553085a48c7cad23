package io.streamfleet.operator.redis;

import io.streamfleet.redis.Secret;
import java.util.Optional;

/** Where the contents of Secrets are had from. */
@FunctionalInterface
public interface SecretStore {

  /**
   * Asks for one, and waits for the answer.
   *
   * @return empty when there is none of that name
   * @throws RuntimeException when it could not be asked for
   */
  Optional<Secret> secret(String namespace, String name);
}
