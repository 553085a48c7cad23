package io.streamfleet.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.SslOptions;
import io.streamfleet.redis.Credentials.Login;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
              now.authorities().ifPresent(pem -> context.trustManager(stream(pem)));
              now.clientCertificate()
                  .ifPresent(own -> context.keyManager(stream(own.chain()), stream(own.key())));
            })
        .build();
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
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
    return RedisCredentials.just(
        login.username().orElse(null), login.password().map(String::toCharArray).orElse(null));
  }
}
