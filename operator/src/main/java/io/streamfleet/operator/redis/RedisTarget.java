package io.streamfleet.operator.redis;

import io.streamfleet.api.Protocol;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.SecretRef;
import io.streamfleet.api.TlsSpec;
import io.streamfleet.redis.Credentials;
import io.streamfleet.redis.NamespaceHosts;
import io.streamfleet.redis.RedisSettings;
import io.streamfleet.redis.Secret;
import io.streamfleet.redis.UnusableSecret;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server as resources declare it. Resources with equal targets share a connection.
 *
 * @param namespace of the resources where it matters: for Secrets and for host names without a
 *     domain
 */
record RedisTarget(Optional<String> namespace, RedisSpec spec) {

  static RedisTarget of(String namespace, RedisSpec spec) {
    boolean own = NamespaceHosts.matterTo(spec.url()) || secrets(spec).findAny().isPresent();
    return new RedisTarget(own ? Optional.of(namespace) : Optional.empty(), spec);
  }

  private static Stream<String> secrets(RedisSpec spec) {
    TlsSpec tls = spec.tls();
    return Stream.of(
            Optional.ofNullable(spec.credentialsSecret()),
            Optional.ofNullable(spec.sentinelCredentialsSecret()),
            Optional.ofNullable(tls == null ? null : tls.caSecret()),
            Optional.ofNullable(tls == null ? null : tls.clientSecret()))
        .flatMap(Optional::stream)
        .map(SecretRef::name);
  }

  /**
   * The present credentials.
   *
   * @throws MissingSecret when a Secret does not exist
   * @throws UnusableSecret when it lacks a key or can't be used
   */
  Credentials credentials(SecretStore store) {
    TlsSpec tls = spec.tls();
    return Credentials.of(
        secret(store, spec.credentialsSecret()),
        secret(store, spec.sentinelCredentialsSecret()),
        secret(store, tls == null ? null : tls.caSecret()),
        secret(store, tls == null ? null : tls.clientSecret()));
  }

  private Optional<Secret> secret(SecretStore store, @Nullable SecretRef ref) {
    if (ref == null) {
      return Optional.empty();
    }
    String where = namespace.orElseThrow();
    Optional<Secret> found = store.secret(where, ref.name());
    if (found.isEmpty()) {
      throw new MissingSecret(
          "the Secret %s does not exist in namespace %s".formatted(ref.name(), where));
    }
    return found;
  }

  RedisSettings settings(Credentials credentials, Duration timeout) {
    return new RedisSettings(
        spec.url(),
        spec.cluster(),
        spec.protocol() == Protocol.Resp2,
        timeout,
        () -> credentials,
        spec.tls() == null || spec.tls().verifyHostname(),
        "streamfleet-operator");
  }

  /** Host and port, for users. A URL of the spec contains no credentials. */
  String label() {
    return spec.url().replaceFirst("^[^:]+://", "").replaceFirst("[/?#].*$", "");
  }

  /** A Secret does not exist. The message names it. */
  static final class MissingSecret extends RuntimeException {

    private static final long serialVersionUID = 1;

    MissingSecret(String message) {
      super(message);
    }
  }
}
