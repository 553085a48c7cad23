package io.streamfleet.redis;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The present credentials for Redis. Settings hold a supplier of them, which is called at each
 * connect and reconnect, so a rotation needs no restart.
 *
 * @param login for the servers; empty to connect without authentication
 * @param sentinelLogin for the Sentinels
 * @param authorities certificates to trust instead of the system's; empty for the system's
 * @param clientCertificate for TLS
 */
public record Credentials(
    Optional<Login> login,
    Optional<Login> sentinelLogin,
    List<X509Certificate> authorities,
    Optional<ClientCertificate> clientCertificate) {

  public Credentials {
    authorities = List.copyOf(authorities);
  }

  /** For a server without authentication. */
  public static final Credentials NONE =
      new Credentials(Optional.empty(), Optional.empty(), List.of(), Optional.empty());

  /** A password with an optional user name; the default user without it. Never printed. */
  public record Login(Optional<String> username, String password) {
    @Override
    public String toString() {
      return "Login[hidden]";
    }
  }

  /**
   * Reads the Secrets that a manifest refers to, with the keys {@code username} (optional) and
   * {@code password}, {@code ca.crt}, {@code tls.crt} and {@code tls.key}.
   *
   * @throws UnusableSecret when a Secret lacks a key or has an invalid value. To connect without it
   *     would mean another user, or trust in other authorities, than was asked for.
   */
  public static Credentials of(
      Optional<Secret> login,
      Optional<Secret> sentinelLogin,
      Optional<Secret> authorities,
      Optional<Secret> clientCertificate) {
    return new Credentials(
        login.map(Credentials::login),
        sentinelLogin.map(Credentials::login),
        authorities.map(secret -> Pem.certificates(secret, "ca.crt")).orElse(List.of()),
        clientCertificate.map(secret -> ClientIdentity.of(secret, Instant.now())));
  }

  private static Login login(Secret secret) {
    return new Login(secret.text("username"), secret.needed("password"));
  }

  @Override
  public String toString() {
    return "Credentials[hidden]";
  }
}
