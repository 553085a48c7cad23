package io.streamfleet.image;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** Links a Java runtime with only the modules that are needed, from the JDK that runs this. */
final class JavaRuntime {

  /** Its path in an image. */
  static final String HOME = "/opt/java";

  /** The same for all images; each is linked with its own JVM options. */
  private static final Set<String> NEEDED =
      Set.of(
          "java.base",
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.xml",
          "jdk.httpserver",
          "jdk.jfr",
          "jdk.management",
          // Used by reflection: keep-alive options of connections to Redis.
          "jdk.net",
          "jdk.unsupported");

  /** Modules that libraries use optionally, and that are large. */
  private static final Map<String, String> OPTIONAL =
      Map.of(
          "java.desktop", "java.beans, which SnakeYAML and logback look up",
          "java.sql", "the dates of Jackson, likewise");

  private JavaRuntime() {}

  /**
   * Creates it.
   *
   * @param home must not exist yet
   * @param options JVM options that are built in: JAVA_TOOL_OPTIONS, which a resource may set,
   *     overrides them
   */
  static void link(Path home, List<String> options) {
    run(
        "jlink",
        "--add-modules",
        String.join(",", new TreeSet<>(NEEDED)),
        "--strip-java-debug-attributes",
        "--no-header-files",
        "--no-man-pages",
        "--compress",
        "zip-6",
        "--add-options",
        String.join(" ", options),
        "--output",
        home.toString());
  }

  /**
   * Checks that the classes of jars use no module that is missing.
   *
   * @throws BuildFailure if one does; names it
   */
  static void requireEnoughFor(List<Path> jars) {
    requireEnoughFor(jars, NEEDED);
  }

  static void requireEnoughFor(List<Path> jars, Set<String> there) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--multi-release",
                String.valueOf(Runtime.version().feature()),
                "--ignore-missing-deps",
                "--list-deps"));
    jars.forEach(jar -> arguments.add(jar.toString()));
    Map<String, String> missing = new TreeMap<>();
    for (String line : run("jdeps", arguments.toArray(String[]::new)).lines().toList()) {
      // A module, or a package of it that is not exported: java.base/sun.nio.ch.
      String module = line.strip().replaceFirst("/.*", "");
      boolean isModule = module.matches("(java|jdk)\\.[a-z.]+");
      if (isModule && !there.contains(module) && !OPTIONAL.containsKey(module)) {
        missing.put(module, line.strip());
      }
    }
    if (!missing.isEmpty()) {
      throw new BuildFailure(
          "%s uses modules that the runtime in the image lacks: %s; add them to %s"
              .formatted(
                  jars.getFirst().getFileName(), missing.keySet(), JavaRuntime.class.getName()));
    }
  }

  private static String run(String tool, String... arguments) {
    StringWriter output = new StringWriter();
    int status =
        ToolProvider.findFirst(tool)
            .orElseThrow(() -> new BuildFailure("no " + tool + " in this Java; a JDK is needed"))
            .run(new PrintWriter(output), new PrintWriter(output), arguments);
    if (status != 0) {
      throw new BuildFailure(
          "%s %s failed: %s"
              .formatted(tool, Arrays.stream(arguments).collect(Collectors.joining(" ")), output));
    }
    return output.toString();
  }
}
