package io.streamfleet.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamfleet.embedded.Certificates;
import io.streamfleet.redis.Credentials.Login;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Secrets read the same from a folder and from memory, and are never shown. */
class SecretTest {

  @TempDir private Path folder;

  private static Secret of(String key, String text) {
    return Secret.of("some", Map.of(key, text.getBytes(UTF_8)));
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
    assertThat(Secret.of("none", Map.of()).text("password")).isEmpty();
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
  void credentialsAreUnderTheKeysThatTheManifestPromises() throws IOException {
    Certificates certificates = Certificates.in(folder);
    Secret all =
        Secret.of(
            "all",
            Map.of(
                "username", "u".getBytes(UTF_8),
                "password", "p".getBytes(UTF_8),
                "ca.crt", Files.readAllBytes(certificates.ca()),
                "tls.crt", Files.readAllBytes(certificates.clientCertificate()),
                "tls.key", Files.readAllBytes(certificates.clientKey())));
    Optional<Secret> secret = Optional.of(all);

    Credentials read = Credentials.of(secret, secret, secret, secret);

    assertThat(read.login()).contains(new Login(Optional.of("u"), "p"));
    assertThat(read.sentinelLogin()).contains(new Login(Optional.of("u"), "p"));
    assertThat(read.authorities()).hasSize(1);
    assertThat(read.clientCertificate()).isPresent();
    Optional<Secret> none = Optional.empty();
    assertThat(Credentials.of(none, none, none, none)).isEqualTo(Credentials.NONE);
  }

  @Test
  void withoutTheAuthorityThatWasAskedForNobodyElseIsTrusted() {
    Optional<Secret> none = Optional.empty();
    Optional<Secret> empty = Optional.of(Secret.of("tls", Map.of()));

    assertThatThrownBy(() -> Credentials.of(none, none, empty, none))
        .isInstanceOf(UnusableSecret.class)
        .hasMessageStartingWith("the Secret tls has no key ca.crt");
    assertThatThrownBy(() -> Credentials.of(none, none, none, empty))
        .hasMessageStartingWith("the Secret tls has no key tls.crt");
  }

  /** To go in without a password would be to go in as somebody else than was asked for. */
  @ParameterizedTest
  @CsvSource({
    "username, somebody, has no key password",
    "password, '', has nothing under the key password",
    "password, '\n', has nothing under the key password"
  })
  void aLoginWithoutAPasswordIsNone(String key, String text, String problem) throws IOException {
    Files.writeString(folder.resolve(key), text);
    Optional<Secret> none = Optional.empty();

    assertThatThrownBy(() -> Credentials.of(Optional.of(of(key, text)), none, none, none))
        .isInstanceOfSatisfying(
            UnusableSecret.class, unusable -> assertThat(unusable.isMissing()).isTrue())
        .hasMessageStartingWith("the Secret some " + problem);
    assertThatThrownBy(() -> Credentials.of(none, Optional.of(Secret.folder(folder)), none, none))
        .hasMessageContaining(folder + ") " + problem);
  }

  @Test
  void aPasswordThatIsNoTextIsSaid() {
    Secret binary = Secret.of("some", Map.of("password", new byte[] {'a', (byte) 0xFF}));

    assertThatThrownBy(() -> binary.text("password"))
        .hasMessage("the Secret some, key password: is no text in UTF-8");
  }

  @Test
  void nothingOfItIsShown() {
    Login login = new Login(Optional.of("someone"), "hush");
    Credentials all =
        new Credentials(Optional.of(login), Optional.of(login), List.of(), Optional.empty());

    assertThat(login + " " + all).doesNotContain("hush", "someone");
  }
}
