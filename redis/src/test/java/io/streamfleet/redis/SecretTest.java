package io.streamfleet.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.redis.Credentials.ClientCertificate;
import io.streamfleet.redis.Credentials.Login;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets read the same from a folder and from memory, and are never shown. */
class SecretTest {

  @TempDir private Path folder;

  private static Secret of(String key, String text) {
    return Secret.of(Map.of(key, text.getBytes(UTF_8)));
  }

  @Test
  void theLineFeedOfAnEchoIsNotMeant() throws IOException {
    Files.writeString(folder.resolve("password"), "secret\n");
    Files.writeString(folder.resolve("username"), "\n");

    assertThat(Secret.folder(folder).text("password")).contains("secret");
    assertThat(Secret.folder(folder).text("username")).isEmpty();
    assertThat(of("password", "secret\n").text("password")).contains("secret");
    assertThat(of("username", "\n").text("username")).isEmpty();
  }

  @Test
  void aKeyThatIsNotThereIsEmpty() {
    assertThat(Secret.folder(folder.resolve("none")).text("password")).isEmpty();
    assertThat(Secret.of(Map.of()).text("password")).isEmpty();
  }

  @Test
  void aFileIsReadAgainEachTime() throws IOException {
    Secret secret = Secret.folder(folder);
    Files.writeString(folder.resolve("password"), "first");
    assertThat(secret.text("password")).contains("first");
    Files.writeString(folder.resolve("password"), "second");
    assertThat(secret.text("password")).contains("second");
  }

  @Test
  void aFileThatCannotBeReadIsAnErrorAndNotAnAbsence() throws IOException {
    Files.createDirectory(folder.resolve("password"));

    assertThatThrownBy(() -> Secret.folder(folder).text("password"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("password");
  }

  @Test
  void credentialsAreUnderTheKeysThatTheManifestPromises() {
    Secret all =
        Secret.of(
            Map.of(
                "username", "u".getBytes(UTF_8),
                "password", "p".getBytes(UTF_8),
                "ca.crt", "ca".getBytes(UTF_8),
                "tls.crt", "chain".getBytes(UTF_8),
                "tls.key", "key".getBytes(UTF_8)));
    Optional<Secret> secret = Optional.of(all);

    assertThat(Credentials.of(secret, secret, secret, secret))
        .isEqualTo(
            new Credentials(
                Optional.of(new Login(Optional.of("u"), Optional.of("p"))),
                Optional.of(new Login(Optional.of("u"), Optional.of("p"))),
                Optional.of("ca"),
                Optional.of(new ClientCertificate("chain", "key"))));
    Optional<Secret> none = Optional.empty();
    assertThat(Credentials.of(none, none, none, none)).isEqualTo(Credentials.NONE);
  }

  @Test
  void withoutTheAuthorityThatWasAskedForNobodyElseIsTrusted() {
    Optional<Secret> none = Optional.empty();
    Optional<Secret> empty = Optional.of(Secret.of(Map.of()));

    assertThatThrownBy(() -> Credentials.of(none, none, empty, none))
        .hasMessage("a Secret for TLS to Redis lacks ca.crt");
    assertThatThrownBy(() -> Credentials.of(none, none, none, empty))
        .hasMessage("a Secret for TLS to Redis lacks tls.crt");
  }

  @Test
  void nothingOfItIsShown() {
    Login login = new Login(Optional.of("someone"), Optional.of("hush"));
    ClientCertificate certificate = new ClientCertificate("hush", "hush");
    Credentials all =
        new Credentials(
            Optional.of(login), Optional.of(login), Optional.of("hush"), Optional.of(certificate));

    assertThat(login + " " + certificate + " " + all).doesNotContain("hush", "someone");
  }
}
