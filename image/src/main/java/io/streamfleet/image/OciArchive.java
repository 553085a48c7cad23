package io.streamfleet.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * The archive of an image: an OCI layout, together with the manifest that {@code docker load}
 * before Docker 25 needs.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">the
 *     layout</a>
 */
final class OciArchive {

  private static final String TYPE = "application/vnd.oci.image.";

  /** A compressed layer, with the digests of its compressed and its uncompressed content. */
  private record Layer(Path file, String digest, String contentDigest) {}

  private final ObjectMapper json = new ObjectMapper();
  private final Path root;
  private final String name;
  private final Program program;
  private final Instant time;
  private final List<Layer> layers = new ArrayList<>();

  /**
   * @param root the root file system
   * @param name with its tag
   */
  OciArchive(Path root, String name, Program program, Instant time) {
    this.root = root;
    this.name = name;
    this.program = program;
    this.time = time;
  }

  /**
   * Adds some folders of the root as a layer.
   *
   * @param file temporary file for the layer
   */
  void layer(Path file, List<String> folders) throws IOException {
    MessageDigest compressed = sha256();
    MessageDigest content = sha256();
    try (OutputStream out = Files.newOutputStream(file);
        OutputStream zipped =
            new GZIPOutputStream(new DigestOutputStream(out, compressed), 1 << 16);
        Tar tar = new Tar(new DigestOutputStream(zipped, content))) {
      for (String folder : folders) {
        try (Stream<Path> files = Files.walk(root.resolve(folder))) {
          for (Path each : files.sorted().toList()) {
            tar.add(root.relativize(each).toString(), each);
          }
        }
      }
    }
    // The file's attributes go into the archive and must not depend on who builds it.
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.setLastModifiedTime(file, FileTime.from(time));
    layers.add(new Layer(file, hex(compressed), hex(content)));
  }

  /** Writes the archive. */
  void write(Path archive) throws IOException {
    byte[] config = json.writeValueAsBytes(config());
    byte[] manifest = json.writeValueAsBytes(manifest(config));
    try (Tar tar = new Tar(Files.newOutputStream(archive))) {
      tar.add("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(UTF_8), time);
      tar.add("index.json", json.writeValueAsBytes(index(manifest)), time);
      tar.add("manifest.json", json.writeValueAsBytes(forDocker(config)), time);
      tar.add(blob(digest(config)), config, time);
      tar.add(blob(digest(manifest)), manifest, time);
      for (Layer layer : layers) {
        tar.add(blob(layer.digest()), layer.file());
      }
    }
  }

  private ObjectNode config() {
    ObjectNode config = platform(json.createObjectNode());
    config.put("created", time.toString());
    ObjectNode run = config.putObject("config");
    run.put("User", Program.USER + ":" + Program.USER);
    run.putObject("ExposedPorts").putObject("8080/tcp");
    run.putArray("Env")
        .add("PATH=" + JavaRuntime.HOME + "/bin")
        .add("JAVA_HOME=" + JavaRuntime.HOME)
        // Without it Java prints non-ASCII characters as question marks.
        .add("LANG=C.UTF-8")
        // By default the C library has a memory pool for each thread and seldom frees memory.
        .add("MALLOC_ARENA_MAX=2");
    ArrayNode entrypoint = run.putArray("Entrypoint");
    program.entrypoint().forEach(entrypoint::add);
    run.put("WorkingDir", "/tmp");
    run.putObject("Labels")
        .put("org.opencontainers.image.title", "streamfleet-" + program.module())
        .put("org.opencontainers.image.version", name.substring(name.lastIndexOf(':') + 1))
        .put("org.opencontainers.image.licenses", "Apache-2.0");
    ObjectNode content = config.putObject("rootfs").put("type", "layers");
    ArrayNode digests = content.putArray("diff_ids");
    layers.forEach(layer -> digests.add("sha256:" + layer.contentDigest()));
    return config;
  }

  private static ObjectNode platform(ObjectNode node) {
    String architecture = System.getProperty("os.arch");
    return node.put("architecture", architecture.equals("aarch64") ? "arm64" : architecture)
        .put("os", "linux");
  }

  private ObjectNode manifest(byte[] config) throws IOException {
    ObjectNode manifest = json.createObjectNode().put("schemaVersion", 2);
    manifest.put("mediaType", TYPE + "manifest.v1+json");
    manifest.set("config", described("config.v1+json", digest(config), config.length));
    ArrayNode list = manifest.putArray("layers");
    for (Layer layer : layers) {
      list.add(described("layer.v1.tar+gzip", layer.digest(), Files.size(layer.file())));
    }
    return manifest;
  }

  private ObjectNode index(byte[] manifest) {
    ObjectNode index = json.createObjectNode().put("schemaVersion", 2);
    index.put("mediaType", TYPE + "index.v1+json");
    ObjectNode image = described("manifest.v1+json", digest(manifest), manifest.length);
    index.putArray("manifests").add(image);
    platform(image.putObject("platform"));
    // containerd and Docker read the first, everybody else the second.
    image
        .putObject("annotations")
        .put("io.containerd.image.name", name)
        .put("org.opencontainers.image.ref.name", name);
    return index;
  }

  private ArrayNode forDocker(byte[] config) {
    ArrayNode images = json.createArrayNode();
    ObjectNode image = images.addObject().put("Config", blob(digest(config)));
    image.putArray("RepoTags").add(name);
    ArrayNode list = image.putArray("Layers");
    layers.forEach(layer -> list.add(blob(layer.digest())));
    return images;
  }

  private ObjectNode described(String type, String digest, long size) {
    return json.createObjectNode()
        .put("mediaType", TYPE + type)
        .put("digest", "sha256:" + digest)
        .put("size", size);
  }

  private static String blob(String digest) {
    return "blobs/sha256/" + digest;
  }

  private static String digest(byte[] content) {
    return HexFormat.of().formatHex(sha256().digest(content));
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every JDK has it.
    }
  }
}
