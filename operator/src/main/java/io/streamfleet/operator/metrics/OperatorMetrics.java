package io.streamfleet.operator.metrics;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.hotspot.DefaultExports;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operator's own metrics. Only the gauges for each resource have the name of a resource as a
 * label, and they are removed with it, so the number of series follows the number of resources.
 */
public final class OperatorMetrics implements Metrics {

  private final CollectorRegistry registry;
  private final Counter reconciles;
  private final Histogram duration;
  private final Counter events;
  private final Gauge running;
  private final Set<ResourceID> queued = ConcurrentHashMap.newKeySet();
  private final Counter writes;
  private final Counter announcementsFailed;
  private final Counter observations;
  private final Gauge targets;
  private final Gauge apiServer;
  private final Gauge leader;
  private final Counter handedOver;
  private final Counter namesRemoved;
  private final Gauge departing;
  private final Gauge ready;
  private final Gauge workersWanted;
  private final Gauge workersReady;
  private final RedisGauges redis;

  /**
   * @param version of this operator
   */
  public OperatorMetrics(CollectorRegistry registry, String version) {
    this.registry = registry;
    reconciles =
        Counter.build("streamfleet_operator_reconciles_total", "Reconciles, by how they ended.")
            .labelNames("outcome")
            .register(registry);
    duration =
        Histogram.build("streamfleet_operator_reconcile_seconds", "How long reconciles took.")
            .buckets(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
            .register(registry);
    events =
        Counter.build("streamfleet_operator_events_total", "Events that triggered a reconcile.")
            .labelNames("kind")
            .register(registry);
    running =
        Gauge.build("streamfleet_operator_reconciles_running", "Reconciles that run now.")
            .register(registry);
    Gauge.build("streamfleet_operator_reconciles_queued", "Resources that wait for a reconcile.")
        .register(registry)
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return queued.size();
              }
            });
    writes =
        Counter.build("streamfleet_operator_writes_total", "Objects written to Kubernetes.")
            .labelNames("kind")
            .register(registry);
    announcementsFailed =
        Counter.build(
                "streamfleet_operator_events_failed_total",
                "Kubernetes Events that could not be written.")
            .register(registry);
    observations =
        Counter.build(
                "streamfleet_operator_redis_observations_total", "Observations of Redis servers.")
            .labelNames("outcome")
            .register(registry);
    targets =
        Gauge.build("streamfleet_operator_redis_targets", "Redis servers that are observed.")
            .register(registry);
    apiServer =
        Gauge.build(
                "streamfleet_operator_api_server_reachable",
                "1 if the API server answered the last request.")
            .register(registry);
    leader =
        Gauge.build("streamfleet_operator_leader", "1 if this replica leads.").register(registry);
    handedOver =
        Counter.build(
                "streamfleet_operator_entries_handed_over_total",
                "Pending entries of pods that are gone that were made claimable.")
            .register(registry);
    namesRemoved =
        Counter.build(
                "streamfleet_operator_consumers_removed_total", "Consumers that were removed.")
            .register(registry);
    departing =
        Gauge.build(
                "streamfleet_operator_consumers_departing",
                "Consumers of pods that are gone that are not removed yet.")
            .labelNames("namespace", "name")
            .register(registry);
    ready =
        Gauge.build("streamfleet_operator_resource_ready", "1 if the resource is Ready.")
            .labelNames("namespace", "name")
            .register(registry);
    workersWanted =
        Gauge.build("streamfleet_operator_workers_wanted", "Desired number of workers.")
            .labelNames("namespace", "name")
            .register(registry);
    workersReady =
        Gauge.build("streamfleet_operator_workers_ready", "Workers that are ready.")
            .labelNames("namespace", "name")
            .register(registry);
    redis = new RedisGauges().register(registry);
    Gauge.build("streamfleet_operator_build_info", "The version, in a label.")
        .labelNames("version")
        .register(registry)
        .labels(version)
        .set(1);
    for (String outcome : new String[] {"success", "failure"}) {
      reconciles.labels(outcome);
      observations.labels(outcome);
    }
  }

  /** Adds the JVM's metrics. */
  public void exportJvm() {
    DefaultExports.register(registry);
  }

  @Override
  public void receivedEvent(Event event, Map<String, Object> metadata) {
    events.labels(event.getClass().getSimpleName()).inc();
  }

  @Override
  public void reconcileCustomResource(
      HasMetadata resource, RetryInfo retry, Map<String, Object> metadata) {
    queued.add(ResourceID.fromResource(resource));
  }

  @Override
  public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
    queued.remove(ResourceID.fromResource(resource));
  }

  @Override
  public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
    running.inc();
    try (Histogram.Timer ignored = duration.startTimer()) {
      T result = execution.execute();
      reconciles.labels("success").inc();
      return result;
    } catch (Exception e) {
      reconciles.labels("failure").inc();
      throw e;
    } finally {
      running.dec();
    }
  }

  @Override
  public void cleanupDoneFor(ResourceID resource, Map<String, Object> metadata) {
    // A resource that was deleted while queued is never started.
    queued.remove(resource);
    forget(resource.getNamespace().orElse(""), resource.getName());
  }

  /** Removes the series of a resource that is gone. */
  public void forget(String namespace, String name) {
    ready.remove(namespace, name);
    workersWanted.remove(namespace, name);
    workersReady.remove(namespace, name);
    departing.remove(namespace, name);
  }

  public void wrote(HasMetadata object) {
    writes.labels(object.getKind()).inc();
  }

  public void announcementFailed() {
    announcementsFailed.inc();
  }

  public void observed(boolean success) {
    observations.labels(success ? "success" : "failure").inc();
  }

  public void targets(int count) {
    targets.set(count);
  }

  public void apiServerReachable(boolean now) {
    apiServer.set(now ? 1 : 0);
  }

  public void leading(boolean now) {
    leader.set(now ? 1 : 0);
  }

  public void handedOver(long entries) {
    handedOver.inc((double) entries);
  }

  public void nameRemoved() {
    namesRemoved.inc();
  }

  public void departing(String namespace, String name, int names) {
    departing.labels(namespace, name).set(names);
  }

  /**
   * The state of a resource.
   *
   * @param workers how many are ready
   */
  public void ready(String namespace, String name, boolean isReady, int workers) {
    ready.labels(namespace, name).set(isReady ? 1 : 0);
    workersReady.labels(namespace, name).set(workers);
  }

  /** How many workers a resource or its autoscaler wants. */
  public void workersWanted(String namespace, String name, int workers) {
    workersWanted.labels(namespace, name).set(workers);
  }

  /** The number is unknown, since the spec is invalid and nothing runs. */
  public void workersWantedUnknown(String namespace, String name) {
    workersWanted.remove(namespace, name);
  }

  /** The result of an observation of a resource's Redis. */
  public void redisSeen(String namespace, String name, RedisNumbers numbers) {
    redis.show(namespace, name, numbers);
  }

  /** A resource's Redis is no longer observed. */
  public void redisUnseen(String namespace, String name) {
    redis.forget(namespace, name);
  }
}
