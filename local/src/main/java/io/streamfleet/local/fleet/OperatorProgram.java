package io.streamfleet.local.fleet;

import io.streamfleet.kubelet.ChildProcesses;
import io.streamfleet.kubelet.Program;
import io.streamfleet.kubelet.Sandbox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the operator. The kubeconfig replaces the service account of a pod.
 *
 * @param command such as {@code java -jar ...}
 */
record OperatorProgram(List<String> command, Path kubeconfig) implements Program {

  @Override
  public boolean isIn(String image) {
    return Program.isOf("streamfleet/operator", image);
  }

  /** Stopped after the workers, without a long wait: without an API server it has nothing to do. */
  @Override
  public ChildProcesses.Role role() {
    return ChildProcesses.Role.SERVER;
  }

  @Override
  public Launch launch(Sandbox sandbox) {
    return new Launch(
        command,
        Map.of(
            "KUBECONFIG",
            kubeconfig.toAbsolutePath().toString(),
            "STREAMFLEET_HOST",
            "127.0.0.1",
            "STREAMFLEET_PORT",
            Integer.toString(sandbox.port())));
  }
}
