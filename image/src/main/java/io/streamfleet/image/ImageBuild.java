package io.streamfleet.image;

import io.streamfleet.local.aot.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds the images of worker, operator and console from the packaged modules: {@code
 * <module>/target/image}, the root file system, which the Dockerfiles copy, and {@code
 * <module>/target/streamfleet-<module>-image.tar}.
 */
public final class ImageBuild {

  /** A name that no registry can have: the image is loaded locally, or tagged for a registry. */
  private static final String REGISTRY = "localhost/streamfleet/";

  private final Path repository;
  private final String tag;
  private final Instant time;

  ImageBuild(Path repository, String tag, Instant time) {
    this.repository = repository;
    this.tag = tag;
    this.time = time;
  }

  /**
   * Builds them all.
   *
   * @param args the root of the repository, the tag, and the modification time of all files
   */
  public static void main(String[] args) throws Exception {
    // msgpack's default buffer uses sun.misc.Unsafe, about which Java warns on standard error.
    System.setProperty("msgpack.universal-buffer", "true");
    ImageBuild build = new ImageBuild(Path.of(args[0]), args[1], Instant.parse(args[2]));
    try {
      for (Program program : Program.values()) {
        Path target = build.repository.resolve(program.module()).resolve("target");
        Path root = target.resolve("image");
        Path log = target.resolve("image-training.log");
        build.layOut(program, root);
        build.train(program, root, log);
        Path archive = target.resolve("streamfleet-" + program.module() + "-image.tar");
        build.archive(program, root, archive);
        System.out.printf("%s: %.1f MB%n", archive, Files.size(archive) / 1e6);
      }
    } catch (BuildFailure | IOException | IllegalStateException e) {
      System.err.println("The images could not be built: " + e.getMessage());
      System.exit(1);
    }
  }

  /** Creates the root file system. */
  void layOut(Program program, Path root) throws IOException {
    List<Path> jars = new ArrayList<>(List.of(program.jar(repository)));
    if (!Files.exists(jars.getFirst())) {
      throw new BuildFailure(jars.getFirst() + " is missing: mvn -Pimages package makes it");
    }
    if (program.hasLibraries()) {
      jars.addAll(RootFileSystem.jars(program.libraries(repository)));
    }
    JavaRuntime.requireEnoughFor(jars);
    RootFileSystem files = new RootFileSystem(root, FileTime.from(time));
    files.makeSystem(program.options(repository), Init.source(repository));
    files.add(program, repository);
  }

  /**
   * Runs the program with the runtime and files of the image, so that its AOT cache matches them.
   */
  private void train(Program program, Path root, Path log) throws Exception {
    Path cache = root.resolve(program.cache().substring(1));
    List<String> command = program.command(root);
    switch (program) {
      case WORKER -> TrainingRun.of(command, cache, log).train();
      case OPERATOR -> new OperatorTraining(repository, command, cache, log).train();
      case CONSOLE -> new ConsoleTraining(repository, command, cache, log).train();
    }
    new RootFileSystem(root, FileTime.from(time)).makeUniform();
  }

  /**
   * Writes the archive: the system, which seldom changes, in one layer and the program in another.
   */
  void archive(Program program, Path root, Path archive) throws IOException {
    Path system = Files.createTempFile("system", ".tar.gz");
    Path app = Files.createTempFile("app", ".tar.gz");
    try {
      OciArchive oci = new OciArchive(root, REGISTRY + program.module() + ":" + tag, program, time);
      List<String> folders = new ArrayList<>();
      try (var list = Files.list(root)) {
        list.map(folder -> folder.getFileName().toString()).sorted().forEach(folders::add);
      }
      folders.remove(Program.APP.substring(1));
      oci.layer(system, folders);
      oci.layer(app, List.of(Program.APP.substring(1)));
      oci.write(archive);
    } finally {
      Files.delete(system);
      Files.delete(app);
    }
  }
}
