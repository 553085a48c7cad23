package io.streamfleet.kubelet;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Streamfleet's worker. Several workers share the machine and its network, so each gets its own
 * port, and the location of its Secrets.
 *
 * @param command to which the arguments of the container are appended, such as {@code java -jar
 *     ...}
 */
public record WorkerProgram(List<String> command) implements Program {

  public static final String REPOSITORY = "streamfleet/worker";

  /** Where the operator mounts Secrets, and where a worker reads them by default. */
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
    // A pod has its own address; here only loopback is used.
    line.addAll(List.of("--host", "127.0.0.1", "--port", Integer.toString(sandbox.port())));
    if (Files.isDirectory(sandbox.place(SECRETS))) {
      line.addAll(List.of("--secrets", sandbox.place(SECRETS).toString()));
    }
    return new Launch(line, Map.of());
  }
}
