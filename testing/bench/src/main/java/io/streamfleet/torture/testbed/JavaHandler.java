package io.streamfleet.torture.testbed;

import static java.util.Objects.requireNonNull;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.HandlerContext;
import io.streamfleet.handler.HandlerUnavailable;
import io.streamfleet.handler.Message;
import io.streamfleet.handler.MessageHandler;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.PermanentFailure;
import io.streamfleet.handler.TransientFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.Set;

/**
 * A Java handler on the class path of a worker: it asks the torture's HTTP handler what to do, so
 * that all calls are recorded in one place. If told to, it returns a map that throws when it is
 * read, like a map that another thread changes meanwhile.
 */
public final class JavaHandler implements MessageHandler {

  /** Request header: the caller supports late failures. */
  static final String CAN_FAIL_LATE = "can-fail-late";

  /** Response header. */
  static final String FAIL_LATE = "fail-late";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private volatile String consumer = "";
  private volatile URI url = URI.create("http://127.0.0.1/");

  @Override
  public void start(HandlerContext context) {
    consumer = context.consumer();
    url = URI.create(requireNonNull(context.options().get("url"), "the option url is missing"));
  }

  @Override
  public Handled handle(Message message)
      throws PermanentFailure,
          TransientFailure,
          HandlerUnavailable,
          IOException,
          InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("ce-source", message.stream())
            .header("ce-id", message.id())
            .header("ce-subject", message.channel())
            .header("ce-attempt", Integer.toString(message.attempt()))
            .header("ce-consumer", consumer)
            .header(CAN_FAIL_LATE, "yes")
            // Without a timeout of its own it would wait for ever for an answer that never comes.
            .timeout(Timing.USUAL.handlerTimeout())
            .POST(HttpRequest.BodyPublishers.ofByteArray(message.payload().toJson()))
            .build();
    HttpResponse<String> answer;
    try {
      answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new HandlerUnavailable("nobody is there");
    }
    HttpHeaders headers = answer.headers();
    return switch (answer.statusCode()) {
      case 200 ->
          headers.firstValue(FAIL_LATE).isPresent()
              ? Handled.emitting(new OutboundMessage("echo", new Late()))
              : emitting(headers, message);
      case 503 -> throw new HandlerUnavailable("it is busy");
      case 500 ->
          throw new TransientFailure(
              "it may work later",
              headers
                  .firstValue("retry-after")
                  .map(it -> Duration.ofSeconds(Long.parseLong(it)))
                  .orElse(Duration.ZERO));
      default -> throw new PermanentFailure("refused with " + answer.statusCode());
    };
  }

  /** The same messages that the answer's body requests from a worker that reads it. */
  private static Handled emitting(HttpHeaders headers, Message message) {
    return new Handled(
        headers.allValues("emit").stream()
            .map(
                platform ->
                    new OutboundMessage(
                        platform,
                        Map.of(
                            "channel_id", message.channel(), "do", "plain 0", "of", message.id())))
            .toList());
  }

  /** Throws when it is read, and not before. */
  private static final class Late extends AbstractMap<String, Object> {

    @Override
    public Set<Entry<String, Object>> entrySet() {
      throw new ConcurrentModificationException("another thread has changed it");
    }
  }
}
