package io.streamfleet.redis;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What opens the door to Redis, as of now. Settings hold a supplier of these, which is asked at
 * each connect and each reconnect: what was rotated meanwhile needs no restart.
 *
 * @param login for the servers; without one nothing is said of who we are
 * @param sentinelLogin for the Sentinels
 * @param authorities certificates to trust instead of the system's; none for the system's
 * @param clientCertificate what shows the server who we are in TLS
 */
public record Credentials(
    Optional<Login> login,
    Optional<Login> sentinelLogin,
    List<X509Certificate> authorities,
    Optional<ClientCertificate> clientCertificate) {

  public Credentials {
    authorities = List.copyOf(authorities);
  }

  /** For a server that asks for nothing. */
  public static final Credentials NONE =
      new Credentials(Optional.empty(), Optional.empty(), List.of(), Optional.empty());

  /** A user name, or the default user, and a password. Never shown as text. */
  public record Login(Optional<String> username, String password) {
    @Override
    public String toString() {
      return "Login[hidden]";
    }
  }

  /**
   * Reads the Secrets that a manifest names, by the keys that it promises: {@code username}
   * (optional) and {@code password}, {@code ca.crt}, {@code tls.crt} and {@code tls.key}.
   *
   * @throws UnusableSecret when a Secret lacks what it was named for, or holds it in a form that
   *     nobody can use. To go on without would be to go in as somebody else, or to trust others,
   *     than was asked for.
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
