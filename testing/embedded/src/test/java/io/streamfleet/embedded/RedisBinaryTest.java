package io.streamfleet.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisBinaryTest {

  private final Path directory;

  RedisBinaryTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @Test
  void takesTheNamedExecutableBeforeThatOfThePath() throws IOException {
    Path named = script("named", "Valkey server v=8.1.1 sha=00000000:0");
    script("path/redis-server", "Redis server v=7.0.15 sha=00000000:0");

    assertThat(RedisBinary.find(named.toString(), path(), nothingBundled()))
        .isEqualTo(new RedisBinary(named, new RedisVersion("valkey", 8, 1, 1)));
  }

  @Test
  void takesAValkeyOfThePathWhereTheRedisOfItIsTooOld() throws IOException {
    script("path/redis-server", "Redis server v=6.2.21 sha=00000000:0");
    Path valkey = script("path/valkey-server", "Valkey server v=8.0.1 sha=00000000:0");

    assertThat(RedisBinary.find("", path(), nothingBundled()).path()).isEqualTo(valkey);
  }

  @Test
  void saysWhatToDoAboutANamedExecutableThatDoesNotFit() throws IOException {
    Path old = script("old", "Redis server v=6.2.21 sha=00000000:0");
    assertThatThrownBy(() -> RedisBinary.find(old.toString(), path(), nothingBundled()))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("is redis 6.2.21, but 7.0 is the oldest that serves");

    Path other = script("other", "hello");
    assertThatThrownBy(() -> RedisBinary.find(other.toString(), path(), nothingBundled()))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("is no Redis server");

    assertThatThrownBy(() -> RedisBinary.at(directory.resolve("absent")))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("does not run");
  }

  @Test
  void saysWhatToDoWhereThereIsNoneAtAll() {
    assertThatThrownBy(() -> RedisBinary.find("", "", nothingBundled()))
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("install redis-server or valkey-server 7.0 or later");
  }

  @Test
  void unpacksTheOneThatComesAlongOnceForAll() throws IOException {
    BundledRedis bundled = bundledIn(directory);
    Path unpacked = bundled.unpack();
    var written = Files.getLastModifiedTime(unpacked);

    RedisBinary again = RedisBinary.find(RedisBinary.BUNDLED, "", bundled);

    assertThat(again).isEqualTo(new RedisBinary(unpacked, new RedisVersion("redis", 7, 0, 9)));
    assertThat(Files.getLastModifiedTime(unpacked)).isEqualTo(written);
    assertThat(again.supportsTls()).isTrue();
  }

  @Test
  void replacesAnUnpackedFileThatSomebodyHasChanged() throws IOException {
    BundledRedis bundled = bundledIn(directory);
    Path unpacked = bundled.unpack();
    Files.writeString(unpacked, "#!/bin/sh\necho Redis server v=7.0.9\n");

    assertThat(bundled.unpack()).isEqualTo(unpacked);
    assertThat(Files.size(unpacked)).isGreaterThan(1_000_000);
  }

  @Test
  void doesNotUnpackAFileOfAnotherDigest() throws IOException {
    BundledRedis known = bundledIn(directory);
    BundledRedis other = new BundledRedis(known.resource(), "0".repeat(64), directory);

    assertThatThrownBy(other::unpack)
        .isInstanceOf(ServerFailure.class)
        .hasMessageContaining("it is not executed");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void knowsAFileOfTheSameDigestForEveryPlatformItNames() {
    assertThat(BundledRedis.platform("Linux", "amd64")).isEqualTo("linux-amd64");
    assertThat(BundledRedis.platform("Linux", "aarch64")).isEqualTo("linux-arm64");
    assertThat(BundledRedis.platform("Mac OS X", "x86_64")).isEqualTo("darwin-amd64");
    assertThat(BundledRedis.platform("Mac OS X", "aarch64")).isEqualTo("darwin-arm64");
    for (String platform :
        new String[] {"linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"}) {
      assertThat(BundledRedis.of(platform, directory).unpack()).isRegularFile();
    }
  }

  @Test
  void seesThatAServerWasBuiltWithoutTls() throws IOException {
    Path without =
        script("plain", "*** FATAL CONFIG FILE ERROR ***\n>>> 'tls-port 1'\nBad directive");
    assertThat(new RedisBinary(without, new RedisVersion("redis", 7, 0, 0)).supportsTls())
        .isFalse();
  }

  @Test
  void comparesVersionsByNumbers() {
    RedisVersion version = new RedisVersion("redis", 7, 2, 11);
    assertThat(version.isAtLeast(7, 0)).isTrue();
    assertThat(version.isAtLeast(7, 2)).isTrue();
    assertThat(version.isAtLeast(7, 4)).isFalse();
    assertThat(version.isAtLeast(8, 0)).isFalse();
    assertThat(version.isAtLeast(6, 9)).isTrue();
    assertThat(version).hasToString("redis 7.2.11");
  }

  private String path() {
    return directory.resolve("nowhere") + ":" + directory.resolve("path");
  }

  private BundledRedis nothingBundled() {
    return BundledRedis.of("plan9-mips", directory);
  }

  private static BundledRedis bundledIn(Path cache) {
    return BundledRedis.of(
        BundledRedis.platform(System.getProperty("os.name"), System.getProperty("os.arch")), cache);
  }

  private Path script(String name, String says) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\ncat <<'END'\n" + says + "\nEND\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
