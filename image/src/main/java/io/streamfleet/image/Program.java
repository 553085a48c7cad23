package io.streamfleet.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program of an image. Its class path is explicit instead of {@code -jar}, so that it can
 * include jars of a folder. The AOT cache is still valid, since these come after the class path of
 * the training.
 */
enum Program {
  WORKER("worker", "/app/streamfleet-worker.jar:/app/handlers/*", "io.streamfleet.worker.Main"),
  OPERATOR("operator", "/app/streamfleet-operator.jar", "io.streamfleet.operator.Main"),
  CONSOLE("console", "/app/streamfleet-console.jar", "io.streamfleet.console.Main");

  /** The folder of the program in an image. */
  static final String APP = "/app";

  /** The user id in pods, unused on nodes. */
  static final int USER = 65_532;

  private final String module;
  private final String classPath;
  private final String mainClass;

  Program(String module, String classPath, String mainClass) {
    this.module = module;
    this.classPath = classPath;
    this.mainClass = mainClass;
  }

  /** The module of the build, which is also the last part of the image's name. */
  String module() {
    return module;
  }

  /** The jar that the module builds. */
  Path jar(Path repository) {
    return repository.resolve(module).resolve("target/streamfleet-" + module + ".jar");
  }

  /** Its JVM options, from a file for {@code java @file} with comments. */
  List<String> options(Path repository) throws IOException {
    return Files.readAllLines(repository.resolve(module).resolve("jvm.options")).stream()
        .filter(line -> line.startsWith("-"))
        .toList();
  }

  /** The libraries beside the jar, if they are not in it. */
  Path libraries(Path repository) {
    return repository.resolve(module).resolve("target/lib");
  }

  boolean hasLibraries() {
    return this != WORKER;
  }

  /** The path of its AOT cache in the image. */
  String cache() {
    return APP + "/streamfleet-" + module + ".aot";
  }

  /** The entrypoint, to which a pod's arguments are appended. */
  List<String> entrypoint() {
    List<String> command = new ArrayList<>(command(Path.of("/")));
    command.add(1, "-XX:AOTCache=" + cache());
    command.addFirst(Init.PLACE);
    return command;
  }

  /**
   * The program's command without process 1 and the cache, for a root directory of this machine.
   */
  List<String> command(Path root) {
    String prefix = root.toString().equals("/") ? "" : root.toString();
    return List.of(
        prefix + JavaRuntime.HOME + "/bin/java",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        prefix + classPath.replace(":", ":" + prefix),
        mainClass);
  }
}
