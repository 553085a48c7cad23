package io.streamfleet.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/** Java's own client, a virtual thread for each connection: what who writes a loop would take. */
public final class JdkHttpClient {

  private JdkHttpClient() {}

  /**
   * Posts until the time is over, and prints requests a second of its second half.
   *
   * @param args the URL, connections, seconds
   */
  public static void main(String[] args) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(args[0]))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"content\": \"" + "x".repeat(280) + "\"}"))
            .build();
    int connections = Integer.parseInt(args[1]);
    long half = TimeUnit.SECONDS.toMillis(Long.parseLong(args[2])) / 2;
    LongAdder done = new LongAdder();
    AtomicBoolean over = new AtomicBoolean();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < connections; i++) {
        threads.submit(
            () -> {
              while (!over.get()) {
                post(client, request);
                done.increment();
              }
              return null;
            });
      }
      Thread.sleep(half);
      long before = done.sum();
      long since = System.nanoTime();
      Thread.sleep(half);
      double perSecond = (done.sum() - before) / ((System.nanoTime() - since) / 1e9);
      over.set(true);
      System.out.println(perSecond);
    }
  }

  private static void post(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    client.send(request, HttpResponse.BodyHandlers.discarding());
  }
}
