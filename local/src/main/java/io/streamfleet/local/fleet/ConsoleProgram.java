package io.streamfleet.local.fleet;

import io.streamfleet.kubelet.ChildProcesses;
import io.streamfleet.kubelet.ProcessKubelet;
import io.streamfleet.kubelet.Program;
import io.streamfleet.kubelet.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the console on loopback, where everybody may do everything: whoever reaches it also reaches
 * Redis and the ports of the workers.
 *
 * @param command such as {@code java -jar ...}
 * @param port of the page
 */
record ConsoleProgram(List<String> command, Path kubeconfig, int port) implements Program {

  @Override
  public boolean isIn(String image) {
    return Program.isOf("streamfleet/console", image);
  }

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
            Integer.toString(sandbox.port()),
            "STREAMFLEET_CONSOLE_PORT",
            Integer.toString(port),
            "STREAMFLEET_CONSOLE_ACCESS",
            "open",
            "STREAMFLEET_CONSOLE_CHANGES",
            "true",
            "STREAMFLEET_CONSOLE_PAYLOADS",
            "true",
            "STREAMFLEET_CONSOLE_PORT_ANNOTATION",
            ProcessKubelet.PORT));
  }

  /** A port if it is free, else any that is free at this moment. */
  static int freePort(int wanted) throws IOException {
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(loopback, wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      try (ServerSocket any = new ServerSocket(0, 1, loopback)) {
        return any.getLocalPort();
      }
    }
  }
}
