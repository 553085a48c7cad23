package io.streamfleet.operator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.operator.cluster.ApiPresence;
import io.streamfleet.operator.cluster.ApiServerContact;
import io.streamfleet.operator.cluster.ClusterClient;
import io.streamfleet.operator.cluster.ClusterSecrets;
import io.streamfleet.operator.cluster.PodEvents;
import io.streamfleet.operator.consumer.ConsumerNames;
import io.streamfleet.operator.dependent.FleetWorkflow;
import io.streamfleet.operator.event.EventWriter;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.redis.RedisObservatory;
import io.streamfleet.operator.settings.OperatorSettings;
import io.streamfleet.operator.status.WrittenNumbers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator: composition root, start and stop. */
public final class StreamfleetOperator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamfleetOperator.class);

  static final String LEASE = "streamfleet-operator";

  /** Each reconcile that writes waits for the API server; more would only queue there. */
  private static final int RECONCILE_THREADS = 16;

  /** Failures are retried after a second, then with growing delays, without a limit on attempts. */
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  /** Whoever fixes a cause by hand sees the effect within a minute. */
  private static final Duration MAX_RETRY = Duration.ofMinutes(1);

  /** Every resource is reconciled this often without any event, in case one was missed. */
  private static final Duration RESYNC_INTERVAL = Duration.ofMinutes(5);

  /** The roll-out of many pods causes an event for each; ten reconciles a second are enough. */
  private static final int RECONCILES_PER_SECOND = 10;

  /** Page size when resources are listed at the start. */
  private static final long PAGE_SIZE = 100;

  /** How long running reconciles may take to end at shutdown. */
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

  /**
   * KEDA or the Prometheus operator may be installed later, and no event tells. One discovery
   * request a minute is cheap, and soon enough for whoever installs them.
   */
  private static final Duration API_RETRY_INTERVAL = Duration.ofMinutes(1);

  private final Operator operator;
  private final RedisObservatory observatory;
  private final ConsumerNames names;
  private final OperatorMetrics metrics;
  private final Leadership leadership;
  private final ApiServerContact contact;

  /**
   * Builds the operator; no request is made yet.
   *
   * @param client opened by {@link ClusterClient}
   * @param onLostLeadership called when another replica may lead now: this operator must be closed,
   *     since both would do the same work
   */
  public StreamfleetOperator(
      KubernetesClient client,
      OperatorSettings settings,
      OperatorMetrics metrics,
      Clock clock,
      RandomGenerator random,
      Runnable onLostLeadership) {
    this(client, settings, metrics, clock, random, onLostLeadership, API_RETRY_INTERVAL);
  }

  /**
   * @param apiRetryInterval how long to wait before discovery is asked again for a missing API
   */
  StreamfleetOperator(
      KubernetesClient client,
      OperatorSettings settings,
      OperatorMetrics metrics,
      Clock clock,
      RandomGenerator random,
      Runnable onLostLeadership,
      Duration apiRetryInterval) {
    this.metrics = metrics;
    contact = ClusterClient.contact(client);
    contact.tell(metrics::apiServerReachable);
    leadership = new Leadership(client, settings, LEASE, metrics, onLostLeadership);
    EventWriter events =
        new EventWriter(client, clock, settings.identity(), metrics::announcementFailed);
    SimpleInboundEventSource<StreamConsumerGroup> redisEvents =
        new SimpleInboundEventSource<>("redis");
    WrittenNumbers written = new WrittenNumbers(clock);
    RedisChanges changes =
        new RedisChanges(
            events,
            written,
            id -> redisEvents.propagateEvent(new ResourceID(id.name(), id.namespace())));
    observatory =
        new RedisObservatory(
            new ClusterSecrets(client),
            settings.observeInterval(),
            settings.redisTimeout(),
            metrics,
            changes,
            random);
    names =
        new ConsumerNames(observatory::link, settings.redisTimeout(), metrics, changes::handedOver);
    Finalizer finalizer = new Finalizer(client, StreamConsumerGroupReconciler.FIELD_MANAGER);
    operator =
        new Operator(
            configuration -> configure(configuration, ClusterClient.required(client), settings));
    FleetWorkflow workflow = new FleetWorkflow(settings.workerImage(), metrics);
    operator.register(
        new StreamConsumerGroupReconciler(
            workflow,
            // Half the interval, so that the cached answer has expired when the next reconcile
            // asks.
            new ApiPresence(client, clock, apiRetryInterval.dividedBy(2)),
            observatory,
            names,
            finalizer,
            new Deletion(
                client,
                workflow,
                observatory,
                finalizer,
                new DeletionEvents(events),
                new GroupDeletion(observatory, settings.redisTimeout()),
                clock),
            new StatusReporter(events, metrics, clock, written),
            clock,
            redisEvents,
            apiRetryInterval,
            new Observations(workflow, observatory, new PodEvents(client, clock))),
        configuration -> configure(configuration, settings));
  }

  private void configure(
      ConfigurationServiceOverrider configuration,
      KubernetesClient client,
      OperatorSettings settings) {
    configuration
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        .withMetrics(metrics)
        .withConcurrentReconciliationThreads(RECONCILE_THREADS)
        .withConcurrentWorkflowExecutorThreads(RECONCILE_THREADS)
        .withReconciliationTerminationTimeout(SHUTDOWN_TIMEOUT)
        // The framework would write this annotation into every object. We don't need it: an object
        // that matches is not written.
        .withPreviousAnnotationForDependentResources(false)
        // Use server-side apply for ConfigMaps and Secrets too.
        .withDefaultNonSSAResource(Set.of())
        // A missing right may be granted later; the probes report it meanwhile.
        .withStopOnInformerErrorDuringStartup(true)
        .checkingCRDAndValidateLocalModel(false);
    if (settings.leaderElection()) {
      configuration.withLeaderElectionConfiguration(leadership.configuration());
    }
  }

  private static void configure(
      ControllerConfigurationOverrider<StreamConsumerGroup> configuration,
      OperatorSettings settings) {
    configuration
        .withFieldManager(StreamConsumerGroupReconciler.FIELD_MANAGER)
        .withTriggerReconcilerOnAllEvents(true)
        .withInformerListLimit(PAGE_SIZE)
        .withReconciliationMaxInterval(RESYNC_INTERVAL)
        .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), RECONCILES_PER_SECOND))
        .withRetry(
            new GenericRetry()
                .setInitialInterval(FIRST_RETRY.toMillis())
                .setIntervalMultiplier(2)
                .setMaxInterval(MAX_RETRY.toMillis())
                .withoutMaxAttempts());
    if (settings.namespaces().isEmpty()) {
      configuration.watchingAllNamespaces();
    } else {
      configuration.settingNamespaces(settings.namespaces());
    }
  }

  /**
   * Starts the watches, and reconciles as soon as it leads.
   *
   * @throws io.javaoperatorsdk.operator.OperatorException when the cluster can't be reached, lacks
   *     the CRD, or does not grant the rights that are needed
   */
  public void start() {
    operator.start();
    if (!leadership.isElected()) {
      metrics.leading(true);
    }
  }

  /** Why the operator does not work, if a restart would help; else empty. */
  public Optional<String> lifeProblem() {
    if (!operator.getRuntimeInfo().isStarted()) {
      return Optional.of("not started");
    }
    // While the API server is unreachable, a restart would only make it worse.
    return contact.isAway() || operator.getRuntimeInfo().allEventSourcesAreHealthy()
        ? Optional.empty()
        : Optional.of(
            "does not hear of changes any more: "
                + String.join(
                    ", ",
                    operator
                        .getRuntimeInfo()
                        .unhealthyEventSources()
                        .getOrDefault(StreamConsumerGroupReconciler.NAME, Map.of())
                        .keySet()));
  }

  /** Why the operator is not ready to lead yet; empty when it is. */
  public Optional<String> readinessProblem() {
    return operator.getRuntimeInfo().isStarted() ? Optional.empty() : Optional.of("starting");
  }

  /** Waits some seconds for running reconciles to end, then releases the lease. */
  @Override
  public void close() {
    leadership.stopping();
    names.close();
    operator.stop();
    observatory.close();
    leadership.release();
    LOG.info("stopped");
  }
}
