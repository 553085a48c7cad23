package io.streamfleet.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.Helm;
import io.streamfleet.api.yaml.YamlSyntaxError;
import io.streamfleet.api.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The chart as Helm sees it. */
final class Chart {

  static final Path ROOT = Path.of(System.getProperty("repository.root"));
  static final Path FOLDER = ROOT.resolve("helm/streamfleet");

  /** The name of the release, by which objects are named. */
  static final String RELEASE = "streamfleet";

  static final String NAMESPACE = "streamfleet-system";

  /** Without a cluster Helm asks nobody; the least that the chart is for. */
  private static final String LEAST_KUBERNETES = "1.29.0";

  /** How Helm parts documents, each with the file that it comes from. */
  private static final Pattern DOCUMENT = Pattern.compile("(?m)^---\\n");

  private Chart() {}

  static Helm helm() {
    return new Helm(FOLDER);
  }

  /**
   * What comes of values.
   *
   * @throws IllegalStateException with Helm's words, when it refuses them
   */
  static String render(Path values) {
    return template(helm(), RELEASE, values);
  }

  /** What comes of the defaults on a cluster of this version. */
  static String renderOn(String kubernetes) throws IOException {
    Path file = Files.createTempFile("values", ".yaml");
    try {
      return template(helm(), RELEASE, file, kubernetes);
    } finally {
      Files.delete(file);
    }
  }

  private static String template(Helm helm, String release, Path values) {
    return template(helm, release, values, LEAST_KUBERNETES);
  }

  private static String template(Helm helm, String release, Path values, String kubernetes) {
    return helm.template()
        .withName(release)
        .withNamespace(NAMESPACE)
        .withKubeVersion(kubernetes)
        .withValuesFile(values)
        .call();
  }

  /** What comes of values, with the hooks, which Helm leaves out otherwise. */
  static String renderWithHooks(Path values) throws IOException {
    Path copy = Files.createTempDirectory("chart");
    List<Path> copied = new ArrayList<>();
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(FOLDER.relativize(file).toString());
        copied.add(target);
        if (file.startsWith(FOLDER.resolve("templates/tests")) && Files.isRegularFile(file)) {
          Files.writeString(
              target, Files.readString(file).replaceAll("(?m)^ *helm.sh/hook.*\n", ""));
        } else if (!target.equals(copy)) {
          Files.copy(file, target);
        }
      }
      return template(new Helm(copy), RELEASE, values);
    } finally {
      for (Path file : copied.reversed()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** What comes of values that are given as YAML. */
  static String renderText(String values) throws IOException {
    return renderText(RELEASE, values);
  }

  static String renderText(String release, String values) throws IOException {
    Path file = Files.createTempFile("values", ".yaml");
    try {
      Files.writeString(file, values);
      return template(helm(), release, file);
    } finally {
      Files.delete(file);
    }
  }

  /** The documents of a rendering as they stand there, without the empty ones. */
  static List<String> documents(String rendered) {
    return Arrays.stream(DOCUMENT.split(rendered)).filter(document -> !document.isBlank()).toList();
  }

  static List<JsonNode> objects(String rendered) throws YamlSyntaxError {
    return YamlText.documents(rendered);
  }

  static String kind(JsonNode object) {
    return object.path("kind").asText();
  }
}
