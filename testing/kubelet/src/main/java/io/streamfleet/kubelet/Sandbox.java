package io.streamfleet.kubelet;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * A container's view of this machine.
 *
 * @param root the folder that stands for its file system: what is mounted at {@code /etc/x} is at
 *     {@code root/etc/x}
 * @param mountPaths of its volumes
 * @param arguments of the template, with the paths of this machine
 * @param port the free port that replaces the declared one
 */
public record Sandbox(Path root, Collection<String> mountPaths, List<String> arguments, int port) {

  /** Converts the paths in the arguments to paths of this machine. */
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

  /** Converts a path of the container to one of this machine; other texts are unchanged. */
  public String local(String text) {
    return local(root, mountPaths, text);
  }

  private static String local(Path root, Collection<String> mountPaths, String text) {
    boolean mounted =
        mountPaths.stream().anyMatch(path -> text.equals(path) || text.startsWith(path + "/"));
    return mounted ? root + text : text;
  }

  /** The path on this machine of a container's path, mounted or not. */
  public Path place(String path) {
    return root.resolve(path.substring(1));
  }
}
