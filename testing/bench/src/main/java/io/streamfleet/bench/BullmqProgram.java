package io.streamfleet.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;

/**
 * The JavaScript peer, unpacked next to the peers' jar and installed there by npm.
 *
 * @param folder with its scripts and {@code node_modules}
 * @param version of BullMQ and of Node
 */
record BullmqProgram(Path folder, String version) {

  private static final String WORKER = "worker.mjs";
  private static final String ADD = "add.mjs";
  private static final String PACKAGE = "package.json";
  private static final String LOCK = "package-lock.json";

  /** A few megabytes from a registry; longer means that the registry is unreachable. */
  private static final long INSTALL_TIMEOUT_SECONDS = 120;

  /**
   * Installs it unless it is installed.
   *
   * @throws IOException if Node is missing, or npm cannot install it
   */
  static BullmqProgram install(Path peersJar) throws IOException, InterruptedException {
    String node = Program.output(List.of("node", "--version")).strip();
    Path folder = peersJar.toAbsolutePath().resolveSibling("bullmq");
    Files.createDirectories(folder);
    boolean fresh = unpack(peersJar, folder);
    if (fresh || !Files.exists(folder.resolve("node_modules/.package-lock.json"))) {
      npm(folder);
    }
    String version =
        new ObjectMapper()
            .readTree(folder.resolve(PACKAGE).toFile())
            .at("/dependencies/bullmq")
            .asText();
    return new BullmqProgram(folder, "BullMQ " + version + ", Node " + node);
  }

  /** Returns whether the dependencies differ from those installed. */
  private static boolean unpack(Path peersJar, Path folder) throws IOException {
    byte[] before =
        Files.exists(folder.resolve(LOCK)) ? Files.readAllBytes(folder.resolve(LOCK)) : new byte[0];
    try (JarFile jar = new JarFile(peersJar.toFile())) {
      for (String name : List.of(WORKER, ADD, PACKAGE, LOCK)) {
        try (InputStream file = jar.getInputStream(jar.getJarEntry("bullmq/" + name))) {
          Files.write(folder.resolve(name), file.readAllBytes());
        }
      }
    }
    return !Arrays.equals(before, Files.readAllBytes(folder.resolve(LOCK)));
  }

  private static void npm(Path folder) throws IOException, InterruptedException {
    Path log = folder.resolve("npm.log");
    Process npm =
        new ProcessBuilder(
                "npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = npm.waitFor(INSTALL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (!ended || npm.exitValue() != 0) {
      npm.destroyForcibly();
      throw new IOException("npm could not install it; see " + log);
    }
  }

  /** The command line of a worker. */
  List<String> worker(String... arguments) {
    return command(WORKER, arguments);
  }

  /** The command line of the program that adds jobs. */
  List<String> add(String... arguments) {
    return command(ADD, arguments);
  }

  private List<String> command(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add("node");
    command.add(folder.resolve(script).toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
