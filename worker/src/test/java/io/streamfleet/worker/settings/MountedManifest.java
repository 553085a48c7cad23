package io.streamfleet.worker.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A manifest in a ConfigMap as the kubelet mounts it: the file is a link into {@code ..data}, which
 * is a link to the folder of one version. A change is another folder, and another link in the place
 * of {@code ..data} in one step.
 */
final class MountedManifest {

  private final Path mount;
  private int versions;

  MountedManifest(Path mount, String text) throws IOException {
    this.mount = mount;
    change(text);
    Files.createSymbolicLink(file(), Path.of("..data", "manifest.yaml"));
  }

  Path file() {
    return mount.resolve("manifest.yaml");
  }

  /** Brings another version, and removes the one before. */
  void change(String text) throws IOException {
    Path folder = Files.createDirectory(mount.resolve("..2026_11_30_" + versions++));
    Files.writeString(folder.resolve("manifest.yaml"), text);
    Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), folder.getFileName());
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    Path before = mount.resolve("..2026_11_30_" + (versions - 2));
    if (Files.exists(before)) {
      Files.delete(before.resolve("manifest.yaml"));
      Files.delete(before);
    }
  }
}
