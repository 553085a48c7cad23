package io.streamfleet.original;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** An original worker as a process, whose {@code process_fn} calls an HTTP handler. */
@Command(name = "original", description = "Consumes as the Python original does, until SIGTERM.")
public final class Main implements Callable<Integer>, Processing {

  @Option(names = "--redis-url", required = true)
  private String redisUrl = "";

  @Option(names = "--name", required = true)
  private String name = "";

  @Option(names = "--stream", required = true)
  private String stream = "";

  @Option(names = "--group", required = true)
  private String group = "";

  @Option(names = "--locks", required = true)
  private String locks = "";

  @Option(names = "--lock-ttl", required = true)
  private Duration lockTtl = Duration.ZERO;

  @Option(names = "--dead-letters", required = true)
  private String deadLetters = "";

  @Option(names = "--claims", required = true)
  private String claims = "";

  @Option(names = "--min-idle", required = true)
  private Duration minIdle = Duration.ZERO;

  @Option(names = "--patience", required = true)
  private Duration patience = Duration.ZERO;

  @Option(names = "--handler", required = true)
  private URI handler = URI.create("");

  @Option(names = "--handler-timeout", required = true)
  private Duration handlerTimeout = Duration.ZERO;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    OriginalWorker worker =
        new OriginalWorker(
            new OriginalSettings(
                redisUrl,
                name,
                stream,
                group,
                locks,
                lockTtl,
                deadLetters,
                claims,
                minIdle,
                patience),
            this);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(worker)));
    // The same line as our worker's.
    System.out.println("msg=consuming");
    new CountDownLatch(1).await();
    return 0;
  }

  private static void end(OriginalWorker worker) {
    try {
      worker.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    worker.failures().forEach(System.out::println);
  }

  @Override
  public Header read(byte[] data) throws IOException {
    JsonNode payload = json.readTree(data);
    return new Header(
        payload.path("channel_id").asText("global"), payload.path("is_addressed").asBoolean(true));
  }

  @Override
  public void process(String id, Header header, int attempt, byte[] data)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(handler)
            .timeout(handlerTimeout)
            .header("ce-id", id)
            .header("ce-source", stream)
            .header("ce-subject", header.channel())
            .header("ce-consumer", name)
            .header("ce-attempt", Integer.toString(attempt))
            .POST(BodyPublishers.ofByteArray(data))
            .build();
    HttpResponse<Void> answer = http.send(request, BodyHandlers.discarding());
    if (answer.statusCode() != 200) {
      throw new IOException("the handler answered " + answer.statusCode());
    }
  }
}
