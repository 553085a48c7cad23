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

/** The operator: its composition root, and its life from start to stop. */
public final class StreamfleetOperator implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamfleetOperator.class);

  static final String LEASE = "streamfleet-operator";

  /** More would only make the API server queue them: each reconcile that writes waits for it. */
  private static final int RECONCILES_AT_ONCE = 16;

  /**
   * What fails is tried again after a second, then ever more seldom, but for as long as it lasts.
   */
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

  /** Whoever mends something by hand sees the effect within a minute. */
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  /** A resource is looked at this often even if nothing happens: an event may have been missed. */
  private static final Duration LOOK_ANYWAY = Duration.ofMinutes(5);

  /** A roll-out of many pods makes an event for each; ten looks a second are enough for it. */
  private static final int LOOKS_A_SECOND = 10;

  /** Objects in one page when resources are listed at the start. */
  private static final long PAGE = 100;

  /** What is under way at the end gets this long. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /**
   * An API that is missed may be installed at any time, and nothing tells. KEDA is not installed
   * twice a day; who installs it does not mind a minute.
   */
  private static final Duration LOOK_FOR_APIS = Duration.ofMinutes(1);

  private final Operator operator;
  private final RedisObservatory observatory;
  private final ConsumerNames names;
  private final OperatorMetrics metrics;
  private final Leadership leadership;
  private final ApiServerContact contact;

  /**
   * Puts it together; nothing is asked of the cluster yet.
   *
   * @param client opened by {@link ClusterClient}
   * @param onLostLeadership called when another replica may lead now: this has to be closed, since
   *     what it is about to do may be done by the other as well
   */
  public StreamfleetOperator(
      KubernetesClient client,
      OperatorSettings settings,
      OperatorMetrics metrics,
      Clock clock,
      RandomGenerator random,
      Runnable onLostLeadership) {
    this(client, settings, metrics, clock, random, onLostLeadership, LOOK_FOR_APIS);
  }

  /**
   * @param lookForApis how long between two looks for an API that is missed
   */
  StreamfleetOperator(
      KubernetesClient client,
      OperatorSettings settings,
      OperatorMetrics metrics,
      Clock clock,
      RandomGenerator random,
      Runnable onLostLeadership,
      Duration lookForApis) {
    this.metrics = metrics;
    contact = ClusterClient.contact(client);
    contact.tell(metrics::apiServerReachable);
    leadership = new Leadership(client, settings, LEASE, metrics, onLostLeadership);
    EventWriter events =
        new EventWriter(client, clock, settings.identity(), metrics::announcementFailed);
    SimpleInboundEventSource<StreamConsumerGroup> redisEvents =
        new SimpleInboundEventSource<>("redis");
    WrittenNumbers told = new WrittenNumbers(clock);
    RedisChanges news =
        new RedisChanges(
            events,
            told,
            id -> redisEvents.propagateEvent(new ResourceID(id.name(), id.namespace())));
    observatory =
        new RedisObservatory(
            new ClusterSecrets(client),
            settings.observeInterval(),
            settings.redisTimeout(),
            metrics,
            news,
            random);
    names =
        new ConsumerNames(observatory::link, settings.redisTimeout(), metrics, news::handedOver);
    Finalizer finalizer = new Finalizer(client, StreamConsumerGroupReconciler.FIELD_MANAGER);
    operator =
        new Operator(
            configuration -> configure(configuration, ClusterClient.required(client), settings));
    FleetWorkflow workflow = new FleetWorkflow(settings.workerImage(), metrics);
    operator.register(
        new StreamConsumerGroupReconciler(
            workflow,
            // Half of it: the next look must find an answer that is none any more.
            new ApiPresence(client, clock, lookForApis.dividedBy(2)),
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
            new StatusReporter(events, metrics, clock, told),
            clock,
            redisEvents,
            lookForApis,
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
        .withConcurrentReconciliationThreads(RECONCILES_AT_ONCE)
        .withConcurrentWorkflowExecutorThreads(RECONCILES_AT_ONCE)
        .withReconciliationTerminationTimeout(LAST_WORDS)
        // It would be written into every object, for a gain that is not ours: what is covered is
        // not written.
        .withPreviousAnnotationForDependentResources(false)
        // ConfigMaps too: one way of writing for all.
        .withDefaultNonSSAResource(Set.of())
        // A right that is missing at the start may come; the probes tell meanwhile.
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
        .withInformerListLimit(PAGE)
        .withReconciliationMaxInterval(LOOK_ANYWAY)
        .withRateLimiter(new LinearRateLimiter(Duration.ofSeconds(1), LOOKS_A_SECOND))
        .withRetry(
            new GenericRetry()
                .setInitialInterval(FIRST_RETRY.toMillis())
                .setIntervalMultiplier(2)
                .setMaxInterval(LAST_RETRY.toMillis())
                .withoutMaxAttempts());
    if (settings.namespaces().isEmpty()) {
      configuration.watchingAllNamespaces();
    } else {
      configuration.settingNamespaces(settings.namespaces());
    }
  }

  /**
   * Starts to watch, and to work as soon as it leads.
   *
   * @throws io.javaoperatorsdk.operator.OperatorException when the cluster can't be reached, lacks
   *     the CRD, or does not let the operator do what it has to
   */
  public void start() {
    operator.start();
    if (!leadership.isElected()) {
      metrics.leading(true);
    }
  }

  /** What keeps the operator from its work, if anything: a restart would help. */
  public Optional<String> lifeProblem() {
    if (!operator.getRuntimeInfo().isStarted()) {
      return Optional.of("not started");
    }
    // While there is nobody to hear of, a restart would only make it worse.
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

  /** What the operator does not know yet that it has to know to lead; empty when it could. */
  public Optional<String> readinessProblem() {
    return operator.getRuntimeInfo().isStarted() ? Optional.empty() : Optional.of("starting");
  }

  /** Lets what is under way end, within seconds, and another replica lead at once. */
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
