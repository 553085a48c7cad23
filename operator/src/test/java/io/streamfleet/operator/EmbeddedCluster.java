package io.streamfleet.operator;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.prometheus.client.CollectorRegistry;
import io.streamfleet.apiserver.ApiServer;
import io.streamfleet.apiserver.request.ApiRequest;
import io.streamfleet.embedded.RedisServer;
import io.streamfleet.operator.cluster.ClusterClient;
import io.streamfleet.operator.metrics.OperatorMetrics;
import io.streamfleet.operator.settings.OperatorSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** A cluster and a Redis in this machine, and operators on it with the settings of production. */
final class EmbeddedCluster implements TestCluster {

  static final String NAMESPACE = "default";

  /** How soon an API is found that was missing before. */
  static final Duration LOOK_FOR_APIS = Duration.ofSeconds(2);

  private static final String OPERATOR = "streamfleet-operator";

  private final MovableClock clock = new MovableClock();
  private final ObedientKubelet kubelet = new ObedientKubelet();
  private final ApiServer server = ApiServer.start(kubelet, 0, clock);
  private final RedisServer redis = RedisServer.plain();
  private final RedisClient redisClient = RedisClient.create(redis.url());
  private final StatefulRedisConnection<String, String> connection = redisClient.connect();
  private final KubernetesClient client = server.client();
  private final List<ApiRequest> requests = new CopyOnWriteArrayList<>();
  private final List<StreamfleetOperator> operators = new ArrayList<>();
  private final List<KubernetesClient> clients = new ArrayList<>();
  private final List<String> lost = new CopyOnWriteArrayList<>();
  private CollectorRegistry registry = new CollectorRegistry();

  EmbeddedCluster() {
    server.listen(
        request -> {
          if (request.userAgent().startsWith(OPERATOR)) {
            requests.add(request);
          }
        });
    try {
      server.apply(Files.readString(CRD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public StreamfleetOperator operator(String... settings) {
    String identity = "operator-" + operators.size();
    Map<String, String> environment = new HashMap<>();
    environment.put("POD_NAME", identity);
    environment.put("STREAMFLEET_OBSERVE_INTERVAL", "300ms");
    environment.put("STREAMFLEET_WORKER_IMAGE", workerImage());
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    KubernetesClient own = client(OPERATOR + "/" + identity);
    clients.add(own);
    registry = new CollectorRegistry();
    StreamfleetOperator operator =
        new StreamfleetOperator(
            own,
            OperatorSettings.from(environment),
            new OperatorMetrics(registry, "test"),
            clock,
            RandomGenerator.getDefault(),
            () -> lost.add(identity),
            LOOK_FOR_APIS);
    operators.add(operator);
    operator.start();
    return operator;
  }

  private KubernetesClient client(String userAgent) {
    Config config = new ConfigBuilder(server.config()).withUserAgent(userAgent).build();
    return ClusterClient.open(config);
  }

  KubernetesClient clientOf(StreamfleetOperator operator) {
    return clients.get(operators.indexOf(operator));
  }

  /** Takes the network from an operator: it ends in the middle of what it does. */
  void cutOff(StreamfleetOperator operator) {
    clients.get(operators.indexOf(operator)).close();
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public String namespace() {
    return NAMESPACE;
  }

  @Override
  public String workerImage() {
    return "streamfleet/worker:test";
  }

  /** Says something of a pod in an Event, as the kubelet does. */
  void says(String pod, String reason, String message) {
    client
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName(pod + "." + reason.toLowerCase(Locale.ROOT))
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewInvolvedObject()
                .withKind("Pod")
                .withNamespace(NAMESPACE)
                .withName(pod)
                .endInvolvedObject()
                .withType("Warning")
                .withReason(reason)
                .withMessage(message)
                .withLastTimestamp(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .build())
        .create();
  }

  @Override
  public String redisUrl() {
    return redis.url();
  }

  @Override
  public RedisCommands<String, String> redis() {
    return connection.sync();
  }

  @Override
  public EmbeddedCluster embedded(String why) {
    return this;
  }

  RedisServer redisServer() {
    return redis;
  }

  ApiServer server() {
    return server;
  }

  MovableClock clock() {
    return clock;
  }

  ObedientKubelet kubelet() {
    return kubelet;
  }

  /** What operators asked of the API server, in order. */
  List<ApiRequest> requests() {
    return requests;
  }

  /** What operators wrote, in order; what they do to lead left out. */
  List<ApiRequest> writes() {
    return requests.stream()
        .filter(ApiRequest::isWrite)
        .filter(request -> !request.resource().equals("leases"))
        .filter(request -> !request.group().equals("authorization.k8s.io"))
        .toList();
  }

  /** The metrics of the operator that was started last. */
  CollectorRegistry registry() {
    return registry;
  }

  /** The operators that lost their leadership, by identity. */
  List<String> lost() {
    return lost;
  }

  @Override
  public void close() {
    operators.reversed().forEach(StreamfleetOperator::close);
    clients.forEach(KubernetesClient::close);
    client.close();
    server.close();
    redisClient.shutdown();
    redis.close();
  }
}
