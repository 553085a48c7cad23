package io.streamfleet.kubelet;

import java.util.List;
import java.util.Map;

/** What stands on this machine for the images of one kind. */
public interface Program {

  /** Whether it is what an image holds. */
  boolean isIn(String image);

  /** How a container of that image is run. */
  Launch launch(Sandbox sandbox);

  /** When its processes go, should whoever started them be gone. */
  default ChildProcesses.Role role() {
    return ChildProcesses.Role.POD;
  }

  /**
   * What is started.
   *
   * @param environment beside what the pod's template says
   */
  record Launch(List<String> command, Map<String, String> environment) {

    public Launch {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
    }
  }

  /**
   * Whether an image is of a repository, whatever its registry, tag and digest: {@code
   * ghcr.io/streamfleet/worker:0.1.0} is of {@code streamfleet/worker}.
   */
  static boolean isOf(String repository, String image) {
    String name = image.replaceFirst("@.*$", "").replaceFirst(":[^:/]*$", "");
    return name.equals(repository) || name.endsWith("/" + repository);
  }
}
