package io.streamfleet.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An image is whole, small, nobody's to write, and its program runs with what is in it. */
class ImageBuildTest {

  private static final Path REPOSITORY = Path.of(System.getProperty("repository.root"));
  private static final Instant TIME = Instant.parse("2026-11-01T00:00:00Z");

  private final ImageBuild build = new ImageBuild(REPOSITORY, "1.2.3", TIME);

  @TempDir private Path folder;

  @Test
  void theWorkersImageHoldsAllThatItRunsWith() throws Exception {
    assumeThat(System.getProperty("os.name")).as("images are built on Linux").isEqualTo("Linux");
    assumeThat(Program.WORKER.jar(REPOSITORY)).as("made by the phase package").exists();
    Compiler.assumeThere();
    Path root = folder.resolve("root");
    Path archive = folder.resolve("image.tar");

    build.layOut(Program.WORKER, root);
    build.archive(Program.WORKER, root, archive);

    assertThat(Files.size(archive)).isLessThan(120_000_000);
    Path unpacked = unpacked(archive, "archive");
    JsonNode manifest = onlyManifest(unpacked);
    JsonNode config = blob(unpacked, manifest.at("/config/digest").asText());
    assertThat(config.at("/config/User").asText()).isEqualTo("65532:65532");
    Path image = folder.resolve("image");
    for (JsonNode layer : manifest.path("layers")) {
      unpack(blobFile(unpacked, layer.path("digest").asText()), image);
    }
    theProgramRuns(image, config.at("/config/Entrypoint"));
    nothingIsWritable(image);
    assertThat(image.resolve("etc/nsswitch.conf")).content().contains("hosts: files dns");
    assertThat(image.resolve("opt/java/lib/security/cacerts")).isNotEmptyFile();
  }

  /** As the entry point says, but for the root and the cache, which is not trained here. */
  private static void theProgramRuns(Path image, JsonNode entrypoint) throws Exception {
    assertThat(entrypoint.get(0).asText()).isEqualTo("/sbin/init");
    assertThat(entrypoint.get(1).asText()).isEqualTo("/opt/java/bin/java");
    assertThat(entrypoint.get(2).asText()).isEqualTo("-XX:AOTCache=/app/streamfleet-worker.aot");
    Stream<String> command =
        Stream.of(
                Stream.of(image + "/sbin/init"),
                Program.WORKER.command(image).stream(),
                Stream.of("--version"))
            .flatMap(part -> part);
    Process process = new ProcessBuilder(command.toList()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(output).startsWith("streamfleet-worker ");
    assertThat(process.waitFor()).isZero();
  }

  private static void nothingIsWritable(Path image) throws IOException {
    try (Stream<Path> files = Files.walk(image)) {
      assertThat(files)
          .filteredOn(file -> !file.equals(image) && !file.equals(image.resolve("tmp")))
          .filteredOn(file -> !Files.isSymbolicLink(file))
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .as("%s", file)
                      .isIn("rwxr-xr-x", "rw-r--r--"));
    }
  }

  /** Every blob is what its name says, and the name of the image is where tools look for it. */
  private static JsonNode onlyManifest(Path unpacked) throws Exception {
    try (Stream<Path> blobs = Files.list(unpacked.resolve("blobs/sha256"))) {
      for (Path blob : blobs.toList()) {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(blob));
        assertThat(blob.getFileName()).hasToString(HexFormat.of().formatHex(digest));
      }
    }
    JsonNode index = new ObjectMapper().readTree(unpacked.resolve("index.json").toFile());
    JsonNode image = index.at("/manifests/0");
    assertThat(image.at("/annotations/io.containerd.image.name").asText())
        .isEqualTo("localhost/streamfleet/worker:1.2.3");
    JsonNode docker = new ObjectMapper().readTree(unpacked.resolve("manifest.json").toFile());
    assertThat(docker.at("/0/RepoTags/0").asText()).isEqualTo("localhost/streamfleet/worker:1.2.3");
    docker.at("/0/Layers").forEach(it -> assertThat(unpacked.resolve(it.asText())).exists());
    return blob(unpacked, image.path("digest").asText());
  }

  private static JsonNode blob(Path unpacked, String digest) throws IOException {
    return new ObjectMapper().readTree(blobFile(unpacked, digest).toFile());
  }

  private static Path blobFile(Path unpacked, String digest) {
    return unpacked.resolve("blobs/sha256").resolve(digest.replace("sha256:", ""));
  }

  private Path unpacked(Path archive, String name) throws Exception {
    Path target = folder.resolve(name);
    unpack(archive, target);
    return target;
  }

  /** By a program that is not ours. */
  private static void unpack(Path archive, Path target) throws Exception {
    Files.createDirectories(target);
    Process tar =
        new ProcessBuilder("tar", "-xpf", archive.toString(), "-C", target.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Program.class)
  void theDockerfileStartsItTheSameWay(Program program) throws IOException {
    String dockerfile =
        Files.readString(REPOSITORY.resolve(program.module()).resolve("Dockerfile"));
    String entrypoint =
        dockerfile.substring(dockerfile.indexOf("ENTRYPOINT") + 10).replace("\\\n", "");

    assertThat(new ObjectMapper().readValue(entrypoint, String[].class))
        .containsExactlyElementsOf(program.entrypoint());
    assertThat(dockerfile).contains("USER %1$d:%1$d".formatted(Program.USER));
  }

  @Test
  void aModuleThatIsMissingIsNamed() {
    Path jar = Program.WORKER.jar(REPOSITORY);
    assumeThat(jar).as("made by the phase package").exists();

    assertThatThrownBy(
            () -> JavaRuntime.requireEnoughFor(List.of(jar), java.util.Set.of("java.base")))
        .isInstanceOf(BuildFailure.class)
        .hasMessageContaining("streamfleet-worker.jar uses modules")
        .hasMessageContaining("java.logging");
  }

  @Test
  void theOperatorsModulesAreThere() throws IOException {
    assumeThat(Program.OPERATOR.jar(REPOSITORY)).as("made by the phase package").exists();
    List<Path> jars = new java.util.ArrayList<>(List.of(Program.OPERATOR.jar(REPOSITORY)));
    jars.addAll(RootFileSystem.jars(Program.OPERATOR.libraries(REPOSITORY)));

    JavaRuntime.requireEnoughFor(jars);
  }

  @Test
  void anotherSystemOrCLibraryIsNamed() throws IOException {
    Path maps =
        Files.writeString(folder.resolve("maps"), "7f00-7f01 r-xp 0 0 0 /lib/ld-musl.so.1\n");

    assertThatThrownBy(() -> SystemLibraries.copy("Mac OS X", "aarch64", maps, folder))
        .hasMessageContaining("this is Mac OS X on aarch64")
        .hasMessageContaining("docker build -f worker/Dockerfile .");
    assertThatThrownBy(() -> SystemLibraries.copy("Linux", "amd64", maps, folder))
        .hasMessageContaining("a Linux whose C library is another");
  }

  @Test
  void whatWasNotPackagedIsNamed() {
    ImageBuild empty = new ImageBuild(folder, "1", TIME);

    assertThatThrownBy(() -> empty.layOut(Program.OPERATOR, folder.resolve("root")))
        .hasMessageContaining("streamfleet-operator.jar is missing: mvn -Pimages package makes it");
  }
}
