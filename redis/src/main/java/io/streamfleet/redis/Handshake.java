package io.streamfleet.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.SslOptions;
import io.streamfleet.redis.Credentials.Login;
import java.util.Optional;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** How the client gets to the credentials, whenever a connection begins. */
final class Handshake {

  private Handshake() {}

  /** Asked again at each handshake: a rotated certificate needs no restart. */
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
   * Asked again at each connect: a rotated password needs no restart. Where nobody gave a login,
   * the url may carry one, as a person at a terminal writes it.
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
