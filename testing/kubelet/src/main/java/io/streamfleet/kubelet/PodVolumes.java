package io.streamfleet.kubelet;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.streamfleet.apiserver.controller.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The volumes of a pod as folders, and a folder that stands for the container's file system, with
 * links to them at the mount paths. Changes of ConfigMaps and Secrets are updated there.
 */
final class PodVolumes {

  private final Pod pod;
  private final VolumeContent content;
  private final Path home;

  /**
   * @param home the pod's folder
   */
  PodVolumes(Pod pod, Node node, Path home) {
    this.pod = pod;
    this.content = new VolumeContent(pod, node);
    this.home = home;
  }

  /**
   * Updates the files; unchanged files are not written.
   *
   * @throws NotYet if something does not exist yet; what exists has been updated
   */
  void refresh() throws IOException {
    for (Volume volume : pod.getSpec().getVolumes()) {
      Path folder = Files.createDirectories(folder(volume.getName()));
      if (volume.getEmptyDir() == null) {
        write(folder, content.of(volume));
      }
    }
  }

  private Path folder(String volume) {
    return home.resolve("volumes").resolve(volume);
  }

  private static void write(Path folder, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path target = folder.resolve(file.getKey());
      if (Files.isRegularFile(target)
          && Arrays.equals(Files.readAllBytes(target), file.getValue())) {
        continue;
      }
      Files.createDirectories(target.getParent());
      // Readers must see the old or the new content, never half of it.
      Path aside = target.resolveSibling("." + target.getFileName() + ".part");
      Files.write(aside, file.getValue());
      Files.move(aside, target, ATOMIC_MOVE, REPLACE_EXISTING);
    }
    try (Stream<Path> there = Files.list(folder)) {
      for (Path file : there.filter(Files::isRegularFile).toList()) {
        if (!files.containsKey(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }

  /** Creates the file system of a container. */
  Path root(Container container) throws IOException {
    Path root = Files.createDirectories(home.resolve("root"));
    // A mount inside another one comes after it.
    List<VolumeMount> mounts =
        container.getVolumeMounts().stream()
            .sorted(Comparator.comparingInt(mount -> mount.getMountPath().length()))
            .toList();
    for (VolumeMount mount : mounts) {
      Path place = root.resolve(mount.getMountPath().replaceFirst("^/+", ""));
      Path target = folder(mount.getName());
      if (mount.getSubPath() != null) {
        target = target.resolve(mount.getSubPath());
      }
      Files.createDirectories(place.getParent());
      if (!Files.exists(place)) {
        Files.createSymbolicLink(place, target.toAbsolutePath());
      }
    }
    return root;
  }

  /** Deletes all files. */
  void remove() throws IOException {
    if (!Files.exists(home)) {
      return;
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
