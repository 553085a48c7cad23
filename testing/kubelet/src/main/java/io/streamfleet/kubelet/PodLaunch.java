package io.streamfleet.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.streamfleet.apiserver.controller.Node;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prepares what a pod's process needs from its template: files, a command line and an environment.
 */
final class PodLaunch {

  /** Environment variables of this process that every process needs. */
  private static final Set<String> INHERITED = Set.of("PATH", "HOME", "LANG", "LC_ALL", "TZ");

  private final Program program;
  private final Container container;
  private final Variables variables;
  private final PodVolumes volumes;
  private final String hostname;
  private final Path folder;
  private final Path log;

  /**
   * @param folder of the pod
   * @param log receives the output of the process
   */
  PodLaunch(Pod pod, Node node, Program program, Path folder, Path log) {
    this.program = program;
    this.container = pod.getSpec().getContainers().getFirst();
    this.variables = new Variables(pod, node);
    this.volumes = new PodVolumes(pod, node, folder);
    this.hostname = pod.getMetadata().getName();
    this.folder = folder;
    this.log = log;
  }

  /**
   * Updates the pod's files.
   *
   * @throws NotYet if anything that the process needs does not exist yet
   */
  void refresh() throws IOException {
    volumes.refresh();
    variables.of(container);
  }

  void removeFiles() throws IOException {
    volumes.remove();
  }

  /** The process, ready to be started. */
  ProcessBuilder builder(int port) throws IOException {
    Map<String, String> environment = variables.of(container);
    List<String> arguments =
        container.getArgs().stream().map(it -> Variables.expanded(it, environment)).toList();
    Sandbox sandbox =
        Sandbox.of(
            volumes.root(container),
            container.getVolumeMounts().stream().map(VolumeMount::getMountPath).toList(),
            arguments,
            port);
    Program.Launch launch = program.launch(sandbox);
    Files.createDirectories(log.getParent());
    ProcessBuilder builder =
        new ProcessBuilder(launch.command())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // Other variables of the user's shell, secrets in particular, must not reach a container.
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().put("HOSTNAME", hostname);
    environment.forEach((key, text) -> builder.environment().put(key, sandbox.local(text)));
    builder.environment().putAll(launch.environment());
    return builder;
  }

  /** A port on loopback that is free at this moment. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
