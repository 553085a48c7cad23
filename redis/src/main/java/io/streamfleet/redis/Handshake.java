package io.streamfleet.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.SslOptions;
import io.streamfleet.redis.Credentials.Login;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Gives the client its credentials at each connect. */
final class Handshake {

  private Handshake() {}

  /** Called at each handshake, so a rotated certificate needs no restart. */
  static SslOptions tls(Supplier<Credentials> source) {
    return SslOptions.builder()
        .jdkSslProvider()
        .sslContext(
            context -> {
              Credentials now = source.get();
              if (!now.authorities().isEmpty()) {
                context.trustManager(now.authorities());
              }
              now.clientCertificate().ifPresent(own -> context.keyManager(own.key(), own.chain()));
            })
        .build();
  }

  /**
   * Called at each connect, so a rotated password needs no restart. Without a login in the settings
   * the one in the URL is used, as a user at a terminal writes it.
   */
  static RedisCredentialsProvider login(
      Supplier<Optional<Login>> source, RedisCredentialsProvider ofUrl) {
    return () ->
        Mono.defer(
            () ->
                source
                    .get()
                    .map(login -> Mono.just(credentials(login)))
                    .orElseGet(ofUrl::resolveCredentials));
  }

  private static RedisCredentials credentials(Login login) {
    return RedisCredentials.just(login.username().orElse(null), login.password().toCharArray());
  }
}
