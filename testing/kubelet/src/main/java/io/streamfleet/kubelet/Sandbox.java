package io.streamfleet.kubelet;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * What a container sees of this machine.
 *
 * @param root the folder that stands for its file system: what is mounted at {@code /etc/x} is at
 *     {@code root/etc/x}
 * @param mountPaths where something is mounted
 * @param arguments the template's, with the paths of this machine
 * @param port the free port that stands for the one that the container declares
 */
public record Sandbox(Path root, Collection<String> mountPaths, List<String> arguments, int port) {

  /** The same, with the paths of this machine in the arguments. */
  static Sandbox of(Path root, List<String> mountPaths, List<String> arguments, int port) {
    return new Sandbox(
        root,
        mountPaths,
        arguments.stream().map(text -> local(root, mountPaths, text)).toList(),
        port);
  }

  public Sandbox {
    mountPaths = List.copyOf(mountPaths);
    arguments = List.copyOf(arguments);
  }

  /** A path in the container as one of this machine; any other text as it is. */
  public String local(String text) {
    return local(root, mountPaths, text);
  }

  private static String local(Path root, Collection<String> mountPaths, String text) {
    boolean mounted =
        mountPaths.stream().anyMatch(path -> text.equals(path) || text.startsWith(path + "/"));
    return mounted ? root + text : text;
  }

  /** The place of a container's path, mounted or not. */
  public Path place(String path) {
    return root.resolve(path.substring(1));
  }
}
