package io.streamfleet.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;

/** On what the figures were measured. */
final class Machine {

  private Machine() {}

  static Table describe(Lab lab) throws InterruptedException {
    Map<String, String> server = lab.redis().info("server");
    Table table =
        new Table(
            "Machine",
            "Everything runs on it side by side: compare only what was measured in one run.",
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
   * Whose version the build says: in the bench's own jar Lettuce reads that of the bench, as there
   * is one manifest only.
   */
  static String lettuce() {
    return ResourceBundle.getBundle("io.streamfleet.bench.versions").getString("lettuce");
  }

  /** Of the last minute, with the bench itself in it; negative where the system has none. */
  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /** Of the sources that the worker's jar lies in. */
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
