package io.streamfleet.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;

/** Describes the machine and the software of a run. */
final class Machine {

  private Machine() {}

  static Table describe(Lab lab) throws InterruptedException {
    Map<String, String> server = lab.redis().info("server");
    Table table =
        new Table(
            "Machine",
            "Everything runs on this machine concurrently: compare only figures of one run.",
            List.of("what", "is"));
    table.row("processor", processor());
    table.row("cores", (long) Runtime.getRuntime().availableProcessors());
    table.row("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    table.row(
        "Java", System.getProperty("java.vendor") + " " + System.getProperty("java.vm.version"));
    table.row(
        "server",
        server.containsKey("valkey_version")
            ? "Valkey " + server.get("valkey_version")
            : "Redis " + server.get("redis_version"));
    table.row("Lettuce", lettuce());
    table.row("Streamfleet", new WorkerContender().version() + ", commit " + commit(lab));
    table.row("JVM options", String.join(" ", lab.jvmOptions()));
    table.row("load average at the start", load());
    return table;
  }

  /**
   * Lettuce's version, from the build: in the bench's own jar Lettuce would read the bench's
   * version, as there is only one manifest.
   */
  static String lettuce() {
    return ResourceBundle.getBundle("io.streamfleet.bench.versions").getString("lettuce");
  }

  /** Of the last minute, including the bench itself; negative if the system has none. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** The commit of the worker's sources. */
  private static String commit(Lab lab) throws InterruptedException {
    Path folder = lab.workerJar().toAbsolutePath().getParent();
    while (folder != null && !Files.isDirectory(folder)) {
      folder = folder.getParent();
    }
    try {
      return Program.output(
              List.of("git", "-C", folder + "", "describe", "--always", "--dirty", "--exclude=*"))
          .strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
