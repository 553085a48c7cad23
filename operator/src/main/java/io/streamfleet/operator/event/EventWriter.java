package io.streamfleet.operator.event;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.operator.cluster.EndingNamespace;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes Events, one object for each distinct message about a resource. A repeated
 * message increments its count, at most once a minute, so that the API server is not flooded.
 *
 * <p>Best effort: a failure is logged and counted, and never thrown. Thread-safe.
 */
public final class EventWriter {

  private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

  /**
   * Events are read by people, to the minute; and the API server keeps each write in its history.
   */
  private static final Duration MIN_INTERVAL = Duration.ofMinutes(1);

  /** Some for each of 500 resources. An Event that was evicted starts to count at one again. */
  private static final int REMEMBERED = 2_000;

  /** Object names have at most 253 characters; the hash takes 17 of them. */
  private static final int NAME_PART = 220;

  /** The API server refuses longer messages. */
  private static final int MAX_MESSAGE = 1_000;

  private final KubernetesClient client;
  private final Clock clock;
  private final String instance;
  private final Runnable onFailure;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<String, Occurrence> occurrences = lruMap();

  /** The name of the last Event for each topic of each resource. */
  private final Map<String, String> lastOf = lruMap();

  private record Occurrence(Instant first, Instant last, int count) {}

  private static <V> Map<String, V> lruMap() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  /**
   * @param instance this replica of the operator
   * @param onFailure called for each Event that could not be written
   */
  public EventWriter(KubernetesClient client, Clock clock, String instance, Runnable onFailure) {
    this.client = client;
    this.clock = clock;
    this.instance = instance;
    this.onFailure = onFailure;
  }

  /**
   * Writes an Event, unless the same one was written less than a minute ago and is still the last
   * of its topic. So the last Event of a topic always shows the present state.
   */
  public void tell(HasMetadata about, ResourceEvent announcement) {
    String name = nameOf(about, announcement);
    String namespace = about.getMetadata().getNamespace() + "/";
    Occurrence now =
        count(
            namespace + name,
            namespace + about.getMetadata().getUid() + announcement.reason().topic());
    if (now == null) {
      return;
    }
    try {
      client
          .resource(event(about, announcement, name, now))
          .fieldManager(FIELD_MANAGER)
          .forceConflicts()
          .serverSideApply();
    } catch (KubernetesClientException e) {
      if (e.getCode() <= 0) {
        // ApiServerContact logs once that the API server can't be reached.
        onFailure.run();
      } else if (!EndingNamespace.isWhy(e)) {
        failed(announcement, "status", e.getCode());
      }
    } catch (RuntimeException e) {
      // A closed client throws various exceptions.
      failed(announcement, "failure", e);
    }
  }

  private void failed(ResourceEvent announcement, String key, Object what) {
    onFailure.run();
    LOG.atWarn()
        .addKeyValue("reason", announcement.reason())
        .addKeyValue(key, what)
        .log("an event could not be written");
  }

  private static final String FIELD_MANAGER = "streamfleet-operator";

  private @Nullable Occurrence count(String key, String topic) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    lock.lock();
    try {
      Occurrence before = occurrences.get(key);
      boolean isLast = key.equals(lastOf.put(topic, key));
      if (before != null && isLast && now.isBefore(before.last().plus(MIN_INTERVAL))) {
        return null;
      }
      Occurrence after =
          before == null
              ? new Occurrence(now, now, 1)
              : new Occurrence(before.first(), now, before.count() + 1);
      occurrences.put(key, after);
      return after;
    } finally {
      lock.unlock();
    }
  }

  private Event event(
      HasMetadata about, ResourceEvent announcement, String name, Occurrence occurrences) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(about.getMetadata().getNamespace())
        .endMetadata()
        .withInvolvedObject(reference(about))
        .withType(announcement.kind().name())
        .withReason(announcement.reason().name())
        .withMessage(cut(announcement.message()))
        .withFirstTimestamp(occurrences.first().toString())
        .withLastTimestamp(occurrences.last().toString())
        .withCount(occurrences.count())
        .withNewSource()
        .withComponent(FIELD_MANAGER)
        .endSource()
        .withReportingComponent(FIELD_MANAGER)
        .withReportingInstance(instance)
        .build();
  }

  private static ObjectReference reference(HasMetadata about) {
    return new ObjectReferenceBuilder()
        .withApiVersion(about.getApiVersion())
        .withKind(about.getKind())
        .withNamespace(about.getMetadata().getNamespace())
        .withName(about.getMetadata().getName())
        .withUid(about.getMetadata().getUid())
        .build();
  }

  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
  }

  private static String nameOf(HasMetadata about, ResourceEvent announcement) {
    String name = about.getMetadata().getName();
    String part = name.length() <= NAME_PART ? name : name.substring(0, NAME_PART);
    String said =
        about.getMetadata().getUid() + '\n' + announcement.reason() + '\n' + announcement.message();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(said.getBytes(StandardCharsets.UTF_8));
      return part + "." + HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
