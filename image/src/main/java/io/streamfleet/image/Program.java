package io.streamfleet.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs in an image. The class path is written out and not left to {@code -jar}, so that jars
 * in a folder beside it are on it, too; the cache serves all the same, since they come after what
 * it was trained with.
 */
enum Program {
  WORKER("worker", "/app/streamfleet-worker.jar:/app/handlers/*", "io.streamfleet.worker.Main"),
  OPERATOR("operator", "/app/streamfleet-operator.jar", "io.streamfleet.operator.Main");

  /** Where things are in an image. */
  static final String APP = "/app";

  /** As pods have it, and nobody on a node. */
  static final int USER = 65_532;

  private final String module;
  private final String classPath;
  private final String mainClass;

  Program(String module, String classPath, String mainClass) {
    this.module = module;
    this.classPath = classPath;
    this.mainClass = mainClass;
  }

  /** The module of the build that it is, and the last part of the image's name. */
  String module() {
    return module;
  }

  /** The jar as the module leaves it. */
  Path jar(Path repository) {
    return repository.resolve(module).resolve("target/streamfleet-" + module + ".jar");
  }

  /** The options of its Java machine: a file for {@code java @file}, with comments. */
  List<String> options(Path repository) throws IOException {
    return Files.readAllLines(repository.resolve(module).resolve("jvm.options")).stream()
        .filter(line -> line.startsWith("-"))
        .toList();
  }

  /** The libraries beside the jar, where they are not in it. */
  Path libraries(Path repository) {
    return repository.resolve(module).resolve("target/lib");
  }

  boolean hasLibraries() {
    return this == OPERATOR;
  }

  /** Where its AOT cache is in the image. */
  String cache() {
    return APP + "/streamfleet-" + module + ".aot";
  }

  /** What a container runs, before the arguments that a pod gives. */
  List<String> entrypoint() {
    List<String> command = new ArrayList<>(command(Path.of("/")));
    command.add(1, "-XX:AOTCache=" + cache());
    command.addFirst(Init.PLACE);
    return command;
  }

  /** The program alone, without process 1 and the cache, in a root that is not this process'. */
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
