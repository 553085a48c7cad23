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
 * Writes Kubernetes Events, one object for each thing that was said of a resource, however often it
 * is said: its count goes up, at most once a minute. A flood of Events is worse than none.
 *
 * <p>Telling is best effort: when it fails a line in the log and a counter say so, and whoever had
 * something to tell goes on. Any thread may tell.
 */
public final class EventWriter {

  private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);

  /** Who reads Events looks at minutes; the API server keeps each write in its history. */
  private static final Duration AT_MOST_EACH = Duration.ofMinutes(1);

  /** Some for each of 500 resources; what is forgotten starts to count at one again. */
  private static final int REMEMBERED = 2_000;

  /** Names of objects end at 253 characters; the hash takes 17 of them. */
  private static final int NAME_PART = 220;

  /** The API server refuses longer messages. */
  private static final int MESSAGE_MAX = 1_000;

  private final KubernetesClient client;
  private final Clock clock;
  private final String instance;
  private final Runnable onFailure;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<String, Told> told = remembering();

  /** The name of the Event that was told last, for each matter of each resource. */
  private final Map<String, String> lastOf = remembering();

  private record Told(Instant first, Instant last, int count) {}

  private static <V> Map<String, V> remembering() {
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
   * @param onFailure hears of each Event that could not be written
   */
  public EventWriter(KubernetesClient client, Clock clock, String instance, Runnable onFailure) {
    this.client = client;
    this.clock = clock;
    this.instance = instance;
    this.onFailure = onFailure;
  }

  /**
   * Tells it, unless the same was told less than a minute ago, and nothing since that takes it
   * back: the last Event about a matter is always how it stands.
   */
  public void tell(HasMetadata about, ResourceEvent announcement) {
    String name = nameOf(about, announcement);
    String namespace = about.getMetadata().getNamespace() + "/";
    Told now =
        count(
            namespace + name,
            namespace + about.getMetadata().getUid() + announcement.reason().matter());
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
        // That the API server can't be reached is told once, and not by each who needs it.
        onFailure.run();
      } else if (!EndingNamespace.isWhy(e)) {
        failed(announcement, "status", e.getCode());
      }
    } catch (RuntimeException e) {
      // A client that is closed says so in several ways.
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

  private @Nullable Told count(String key, String matter) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    lock.lock();
    try {
      Told before = told.get(key);
      boolean stands = key.equals(lastOf.put(matter, key));
      if (before != null && stands && now.isBefore(before.last().plus(AT_MOST_EACH))) {
        return null;
      }
      Told after =
          before == null
              ? new Told(now, now, 1)
              : new Told(before.first(), now, before.count() + 1);
      told.put(key, after);
      return after;
    } finally {
      lock.unlock();
    }
  }

  private Event event(HasMetadata about, ResourceEvent announcement, String name, Told told) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(about.getMetadata().getNamespace())
        .endMetadata()
        .withInvolvedObject(reference(about))
        .withType(announcement.kind().name())
        .withReason(announcement.reason().name())
        .withMessage(cut(announcement.message()))
        .withFirstTimestamp(told.first().toString())
        .withLastTimestamp(told.last().toString())
        .withCount(told.count())
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
    return message.length() <= MESSAGE_MAX ? message : message.substring(0, MESSAGE_MAX - 1) + "…";
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
