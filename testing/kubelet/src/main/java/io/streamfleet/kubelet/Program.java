package io.streamfleet.kubelet;

import java.util.List;
import java.util.Map;

/** A local program for the images of one kind. */
public interface Program {

  /** Whether it is the program of an image. */
  boolean isIn(String image);

  /** How to run a container of that image. */
  Launch launch(Sandbox sandbox);

  /** In which order its processes are stopped if their parent is gone. */
  default ChildProcesses.Role role() {
    return ChildProcesses.Role.POD;
  }

  /**
   * What to start.
   *
   * @param environment in addition to that of the pod's template
   */
  record Launch(List<String> command, Map<String, String> environment) {

    public Launch {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * Whether an image belongs to a repository, whatever its registry, tag and digest: {@code
   * ghcr.io/streamfleet/worker:0.1.0} belongs to {@code streamfleet/worker}.
   */
  static boolean isOf(String repository, String image) {
    String name = image.replaceFirst("@.*$", "").replaceFirst(":[^:/]*$", "");
    return name.equals(repository) || name.endsWith("/" + repository);
  }
}
