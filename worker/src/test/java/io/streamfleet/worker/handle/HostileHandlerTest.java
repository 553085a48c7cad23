package io.streamfleet.worker.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.streamfleet.handler.Handled;
import io.streamfleet.handler.OutboundMessage;
import io.streamfleet.handler.TransientFailure;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.GroupView;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.RecordingHandler;
import io.streamfleet.worker.fleet.RecordingHandler.Behaviour;
import java.time.Duration;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a Java handler returns or throws, it is its message that fails: the messages around it
 * are handled, and its channel goes on.
 */
class HostileHandlerTest {

  private static final QuickManifest MANIFEST =
      QuickManifest.calm()
          .with("retry", "{maxAttempts: 2, initialBackoff: 10ms, maxBackoff: 10ms}")
          .ordering("{lockTtl: 20s}");

  @AutoClose private final Fleet fleet = new Fleet();

  @ParameterizedTest(name = "{0}")
  @MethodSource("hostilities")
  void itIsTheMessagesFailureAndNobodyElses(String what, String reason, Behaviour hostility)
      throws Exception {
    RecordingHandler handler =
        new RecordingHandler(
            message ->
                message.payload().toMap().get("n") instanceof Number n && n.longValue() == 1
                    ? hostility.handle(message)
                    : Handled.nothing());
    fleet.worker(MANIFEST, handler);
    fleet.publish("c", 4);
    fleet.publish("another");

    await().until(fleet::hasNothingPending);
    assertThat(GroupView.entries(fleet.traffic(), "dlq"))
        .as(what)
        .singleElement()
        .satisfies(letter -> assertThat(letter).containsEntry("reason", reason));
    assertThat(handler.numbers("c")).contains(0L, 2L, 3L);
    assertThat(handler.numbers("another")).containsExactly(4L);
  }

  @NullUnmarked // what a handler's author may do who knows no null check
  static Stream<Arguments> hostilities() {
    return Stream.of(
        hostility("a map that throws when it is read", "max_attempts", emitting(new Throwing())),
        hostility("a map that grows", "max_attempts", emitting(new Miscounting(0))),
        hostility("a map that shrinks", "max_attempts", emitting(new Miscounting(7))),
        hostility(
            "a list that throws", "max_attempts", emitting(Map.of("list", new ThrowingList()))),
        hostility("a text that throws", "max_attempts", emitting(Map.of("text", new Unspoken()))),
        hostility("no payload", "permanent_failure", emitting(null)),
        hostility(
            "no platform",
            "permanent_failure",
            message -> Handled.emitting(new OutboundMessage(null, Map.of()))),
        hostility(
            "no message", "max_attempts", message -> Handled.emitting((OutboundMessage) null)),
        hostility(
            "a value that is nothing to write",
            "permanent_failure",
            emitting(Map.of("thread", new Object()))),
        hostility(
            "a failure whose message throws",
            "max_attempts",
            message -> {
              throw new Mute();
            }),
        hostility(
            "a wait that throws",
            "max_attempts",
            message -> {
              throw new Restless(true);
            }),
        hostility(
            "no wait where one is asked for",
            "max_attempts",
            message -> {
              throw new Restless(false);
            }),
        hostility(
            "a wait of less than nothing",
            "max_attempts",
            message -> {
              throw new TransientFailure("yesterday", Duration.ofSeconds(Long.MIN_VALUE));
            }),
        hostility(
            "a wait for ever",
            "max_attempts",
            message -> {
              throw new TransientFailure("never", Duration.ofSeconds(Long.MAX_VALUE));
            }),
        hostility("a stack that is full", "max_attempts", message -> deeper(message.id())),
        hostility(
            "a class that is missing",
            "max_attempts",
            message -> {
              throw new NoClassDefFoundError("com/example/Gone");
            }),
        hostility(
            "a heap that was too small for it",
            "max_attempts",
            message -> {
              throw new OutOfMemoryError("Java heap space");
            }));
  }

  private static Arguments hostility(String what, String reason, Behaviour behaviour) {
    return Arguments.of(what, reason, behaviour);
  }

  private static Behaviour emitting(Map<String, Object> payload) {
    return message -> Handled.emitting(new OutboundMessage("chat", payload));
  }

  @SuppressWarnings("InfiniteRecursion")
  private static Handled deeper(String text) {
    return deeper(text + text.length());
  }

  /** As a lazy collection does whose connection is closed by then. */
  private static final class Throwing extends AbstractMap<String, Object> {

    @Override
    public Set<Entry<String, Object>> entrySet() {
      throw new IllegalStateException("the session is closed");
    }

    @Override
    public int size() {
      return 1;
    }
  }

  /** As a map looks that another thread is at. */
  private static final class Miscounting extends AbstractMap<String, Object> {

    private final int said;

    private Miscounting(int said) {
      this.said = said;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      return Map.<String, Object>of("n", 1).entrySet();
    }

    @Override
    public int size() {
      return said;
    }
  }

  private static final class ThrowingList extends AbstractList<Object> {

    @Override
    public Object get(int index) {
      throw new IllegalStateException("the session is closed");
    }

    @Override
    public int size() {
      return 2;
    }
  }

  private static final class Unspoken implements CharSequence {

    @Override
    public int length() {
      return 1;
    }

    @Override
    public char charAt(int index) {
      throw new IllegalStateException("no text");
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      throw new IllegalStateException("no text");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }

  private static final class Mute extends RuntimeException {

    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }

  private static final class Restless extends TransientFailure {

    private static final long serialVersionUID = 1;

    private final boolean throwing;

    private Restless(boolean throwing) {
      super("later");
      this.throwing = throwing;
    }

    @Override
    @NullUnmarked
    public Optional<Duration> retryAfter() {
      if (throwing) {
        throw new IllegalStateException("no wait");
      }
      return null;
    }
  }
}
