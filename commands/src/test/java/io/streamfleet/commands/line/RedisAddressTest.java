package io.streamfleet.commands.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.commands.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that uses Redis refuses an invalid address without printing its password. */
class RedisAddressTest {

  private static final List<String> SECRETS = List.of("sec/ret", "alice");

  @TempDir private Path folder;

  static Stream<List<String>> commands() {
    return Stream.of(
        List.of("run", "--consumer", "w1", "--port", "0"),
        List.of("publish"),
        List.of("dlq", "list"),
        List.of("dlq", "show", "1-0"),
        List.of("dlq", "replay", "--all"),
        List.of("dlq", "purge", "--all"));
  }

  private CommandRun run(List<String> command, String url, String... more) throws IOException {
    Path manifest = folder.resolve("manifest.yaml");
    Files.writeString(
        manifest, "{redis: {url: '%s'}, inbound: {handler: {builtin: Discard}}}".formatted(url));
    return CommandRun.of(
        Stream.of(command, List.of("-f", manifest.toString()), List.of(more))
            .flatMap(List::stream)
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theOptionIsNamed(List<String> command) throws IOException {
    CommandRun run = run(command, "redis://h:1", "--redis-url", "redis://alice:sec/ret@host:1");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("--redis-url: redis://***@host:1 cannot be read: write redis://HOST:PORT")
        .doesNotContain(SECRETS)
        .hasLineCount(2);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void whatGoesPastTheManifestIsRefused(List<String> command) throws IOException {
    CommandRun run = run(command, "redis://h:1", "--redis-url", "rediss://h:1?verifyPeer=NONE");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("it must not have the parameter verifyPeer").hasLineCount(2);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theFieldIsNamed(List<String> command) throws IOException {
    CommandRun run = run(command, "redis://host:99999");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("spec.redis.url: redis://host:99999 cannot be read")
        .doesNotContain("%XX")
        .hasLineCount(2);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aPasswordInTheManifestIsRefusedUnseen(List<String> command) throws IOException {
    CommandRun run = run(command, "redis://alice:sec/ret@host:1");

    assertThat(run.status()).isEqualTo(2);
    // A worker writes to the streams of the process, not to the writers of the command.
    assertThat(run.err() + run.out()).doesNotContain(SECRETS);
  }
}
