package io.streamfleet.kubelet;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What runs in the pods of the tests: a server that is as it is told by files of its folder, which
 * may be changed at any time. {@code PORT FOLDER WORD...}
 */
final class TinyServer {

  private TinyServer() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[1]);
    System.out.println("said " + List.of(args).subList(2, args.length));
    System.out.println("told " + System.getenv("GREETING") + " as " + System.getenv("POD_NAME"));
    System.out.println("secret " + System.getenv("STREAMFLEET_TEST_SECRET"));
    if (List.of(args).contains("deaf")) {
      // SIGTERM ends in a hook that takes longer than anybody waits.
      Runtime.getRuntime().addShutdownHook(new Thread(LockSupport::park));
    }
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            boolean bad =
                Files.exists(folder.resolve(exchange.getRequestURI().getPath().substring(1)));
            exchange.sendResponseHeaders(bad ? 503 : 200, -1);
          }
        });
    server.start();
  }

  /** The program, for images of the repository {@code test/tiny}. */
  record Image() implements Program {

    @Override
    public boolean isIn(String image) {
      return Program.isOf("test/tiny", image);
    }

    @Override
    public Launch launch(Sandbox sandbox) {
      List<String> line =
          new java.util.ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  TinyServer.class.getName(),
                  Integer.toString(sandbox.port()),
                  sandbox.place("/tmp").toString()));
      line.addAll(sandbox.arguments());
      return new Launch(line, java.util.Map.of());
    }
  }
}
