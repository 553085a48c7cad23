package io.streamfleet.kubelet;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Streamfleet's own worker. Several of them share a machine and its network, so each is told a port
 * of its own, and where its Secrets are.
 *
 * @param command what takes the arguments of a pod's container, such as {@code java -jar ...}
 */
public record WorkerProgram(List<String> command) implements Program {

  public static final String REPOSITORY = "streamfleet/worker";

  /** Where the operator mounts Secrets, and where a worker looks for them unless told. */
  private static final String SECRETS = "/etc/streamfleet/secrets";

  public WorkerProgram {
    command = List.copyOf(command);
  }

  @Override
  public boolean isIn(String image) {
    return Program.isOf(REPOSITORY, image);
  }

  @Override
  public Launch launch(Sandbox sandbox) {
    List<String> line = new ArrayList<>(command);
    line.addAll(sandbox.arguments());
    // A pod has an address of its own; this machine's are for this machine only.
    line.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(sandbox.port())));
    if (Files.isDirectory(sandbox.place(SECRETS))) {
      line.addAll(List.of("--secrets", sandbox.place(SECRETS).toString()));
    }
    return new Launch(line, Map.of());
  }
}
