package io.streamfleet.operator.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.operator.event.ResourceEvent.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Events: one object for each thing that is said, however often. */
class EventWriterTest {

  @AutoClose private final ApiServer server = ApiServer.start();
  @AutoClose private final KubernetesClient client = server.client();
  private final AtomicInteger failures = new AtomicInteger();
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  private final EventWriter events =
      new EventWriter(client, clock, "operator-0", failures::incrementAndGet);

  private final ConfigMap about =
      new ConfigMapBuilder()
          .withNewMetadata()
          .withName("chat")
          .withNamespace("default")
          .withUid("u1")
          .endMetadata()
          .build();

  private List<Event> events() {
    return client.v1().events().inNamespace("default").list().getItems();
  }

  /** The last Event about a matter is how it stands, however fast it changes. */
  @Test
  void twoOutagesWithinAMinuteAreToldFromTheirBeginningsToTheirEnds() {
    ResourceEvent away = ResourceEvent.warning(Reason.RedisUnreachable, "it does not answer");
    ResourceEvent back = ResourceEvent.normal(Reason.RedisReachable, "it answers");

    for (ResourceEvent each : List.of(away, back, away, away, back)) {
      events.tell(about, each);
      now = now.plus(Duration.ofSeconds(5));
    }

    assertThat(events())
        .extracting(it -> it.getReason() + " " + it.getCount() + " " + it.getLastTimestamp())
        .containsExactlyInAnyOrder(
            "RedisUnreachable 2 2026-11-23T12:00:10Z", "RedisReachable 2 2026-11-23T12:00:20Z");
  }

  @Test
  void theSameIsSaidOnceAMinuteAndCounted() {
    ResourceEvent away = ResourceEvent.warning(Reason.RedisUnreachable, "it does not answer");

    events.tell(about, away);
    events.tell(about, away);
    assertThat(events()).singleElement().extracting(Event::getCount).isEqualTo(1);
    now = now.plus(Duration.ofSeconds(61));
    events.tell(about, away);

    assertThat(events())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getCount()).isEqualTo(2);
              assertThat(event.getFirstTimestamp()).isEqualTo("2026-11-23T12:00:00Z");
              assertThat(event.getLastTimestamp()).isEqualTo("2026-11-23T12:01:01Z");
              assertThat(event.getType()).isEqualTo("Warning");
              assertThat(event.getInvolvedObject().getUid()).isEqualTo("u1");
            });
  }

  @Test
  void somethingElseIsAnotherEvent() {
    events.tell(about, ResourceEvent.normal(Reason.Paused, "one"));
    events.tell(about, ResourceEvent.normal(Reason.Paused, "two"));

    assertThat(events()).extracting(Event::getMessage).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void aLongMessageIsCut() {
    events.tell(about, ResourceEvent.normal(Reason.Paused, "x".repeat(5_000)));

    assertThat(events()).singleElement().extracting(it -> it.getMessage().length()).isEqualTo(1000);
  }

  @Test
  void whatCannotBeWrittenIsCountedAndNobodyElsesTrouble() {
    server.fail(request -> true, 403, 100);

    events.tell(about, ResourceEvent.normal(Reason.Paused, "one"));

    assertThat(failures).hasValue(1);
    server.stopFailing();
  }

  @Test
  void aClientThatIsClosedIsNobodysTroubleEither() {
    client.close();

    events.tell(about, ResourceEvent.normal(Reason.Paused, "one"));

    assertThat(failures).hasValue(1);
  }
}
