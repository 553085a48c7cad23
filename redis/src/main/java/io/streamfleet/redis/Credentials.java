package io.streamfleet.redis;

import java.util.Optional;

/**
 * What opens the door to Redis, as of now. Settings hold a supplier of these, which is asked at
 * each connect and each reconnect: what was rotated meanwhile needs no restart.
 *
 * @param login for the servers; without one nothing is said of who we are
 * @param sentinelLogin for the Sentinels
 * @param authorities certificates to trust instead of the system's, as PEM
 * @param clientCertificate what shows the server who we are in TLS
 */
public record Credentials(
    Optional<Login> login,
    Optional<Login> sentinelLogin,
    Optional<String> authorities,
    Optional<ClientCertificate> clientCertificate) {

  /** For a server that asks for nothing. */
  public static final Credentials NONE =
      new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** A user name, or the default user, and a password. Never shown as text. */
  public record Login(Optional<String> username, Optional<String> password) {
    @Override
    public String toString() {
      return "Login[hidden]";
    }
  }

  /** A certificate with the chain above it, and its key in PKCS #8, as PEM. Never shown as text. */
  public record ClientCertificate(String chain, String key) {
    @Override
    public String toString() {
      return "ClientCertificate[hidden]";
    }
  }

  /**
   * Reads the Secrets that a manifest names, by the keys that it promises: {@code username}
   * (optional) and {@code password}, {@code ca.crt}, {@code tls.crt} and {@code tls.key}.
   *
   * @throws IllegalStateException when a Secret for TLS lacks its key: to go on without would be to
   *     trust others than was asked for. Names the key, never what is under it.
   */
  public static Credentials of(
      Optional<Secret> login,
      Optional<Secret> sentinelLogin,
      Optional<Secret> authorities,
      Optional<Secret> clientCertificate) {
    return new Credentials(
        login.map(Credentials::login),
        sentinelLogin.map(Credentials::login),
        authorities.map(secret -> needed(secret, "ca.crt")),
        clientCertificate.map(
            secret -> new ClientCertificate(needed(secret, "tls.crt"), needed(secret, "tls.key"))));
  }

  private static Login login(Secret secret) {
    return new Login(secret.text("username"), secret.text("password"));
  }

  private static String needed(Secret secret, String key) {
    return secret
        .text(key)
        .orElseThrow(() -> new IllegalStateException("a Secret for TLS to Redis lacks " + key));
  }

  @Override
  public String toString() {
    return "Credentials[hidden]";
  }
}
