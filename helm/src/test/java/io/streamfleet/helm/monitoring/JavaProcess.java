package io.streamfleet.helm.monitoring;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A worker or an operator as it runs elsewhere: a process, with the class path of this test. */
final class JavaProcess implements AutoCloseable {

  /** Generous: the machine may be busy. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern PORT =
      Pattern.compile("msg=\"serving metrics and health\".* port=(\\d+)");

  private final Process process;
  private final Path log;

  private JavaProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static JavaProcess start(
      String mainClass, List<String> arguments, Map<String, String> environment, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            mainClass));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new JavaProcess(builder.start(), log);
  }

  /** Where it shows its metrics, once it does. */
  String address() {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("it ended:\n" + said());
              }
              Matcher serving = PORT.matcher(said());
              return serving.find() ? "127.0.0.1:" + serving.group(1) : "";
            },
            address -> !address.isEmpty());
  }

  String said() {
    return Shipped.read(log);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
