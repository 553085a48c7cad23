package io.streamfleet.image;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The content of an image, as a folder. */
final class RootFileSystem {

  private final Path root;
  private final FileTime time;

  /**
   * @param root is replaced
   * @param time of every file: an AOT cache is only valid for a jar with the same modification time
   */
  RootFileSystem(Path root, FileTime time) {
    this.root = root;
    this.time = time;
  }

  Path root() {
    return root;
  }

  /**
   * Creates the system that a program runs on.
   *
   * @param options JVM options
   * @param init the source of process 1
   */
  void makeSystem(List<String> options, Path init) throws IOException {
    delete();
    Files.createDirectories(root);
    SystemLibraries.copyTo(root);
    Init.compile(init, root.resolve(Init.PLACE.substring(1)));
    // Needed for user.home and the order of name resolution.
    write(
        "etc/passwd",
        "root:x:0:0:root:/:/none\nnonroot:x:%1$d:%1$d:nonroot:/tmp:/none\n"
            .formatted(Program.USER));
    write("etc/group", "root:x:0:\nnonroot:x:%d:\n".formatted(Program.USER));
    write("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    Files.createDirectories(root.resolve("opt"));
    JavaRuntime.link(root.resolve(JavaRuntime.HOME.substring(1)), options);
    Path tmp = Files.createDirectories(root.resolve("tmp"));
    Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
    makeUniform();
  }

  /** Adds the program with its libraries and licenses. */
  void add(Program program, Path repository) throws IOException {
    Path app = Files.createDirectories(root.resolve(Program.APP.substring(1)));
    copy(program.jar(repository), app);
    if (program.hasLibraries()) {
      Path lib = Files.createDirectories(app.resolve("lib"));
      for (Path library : jars(program.libraries(repository))) {
        copy(library, lib);
      }
    }
    copy(repository.resolve("LICENSE"), app);
    copy(repository.resolve("NOTICE"), app);
    makeUniform();
  }

  static List<Path> jars(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private static void copy(Path file, Path folder) throws IOException {
    Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /** Independent of user and umask: readable by everybody, writable by nobody. */
  void makeUniform() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        if (Files.isSymbolicLink(file)) {
          continue;
        }
        boolean isOpen = Files.isDirectory(file) || Files.isExecutable(file);
        if (!file.equals(root.resolve("tmp"))) {
          Files.setPosixFilePermissions(
              file, PosixFilePermissions.fromString(isOpen ? "rwxr-xr-x" : "rw-r--r--"));
        }
        Files.setLastModifiedTime(file, time);
      }
    }
  }

  private void delete() throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
