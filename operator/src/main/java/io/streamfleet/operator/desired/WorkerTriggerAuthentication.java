package io.streamfleet.operator.desired;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.SecretRef;
import io.streamfleet.api.TlsSpec;
import io.streamfleet.operator.resource.Fleet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * KEDA's TriggerAuthentication: the Secrets with which it connects to Redis. A key that a Secret
 * lacks, such as a user name, counts as empty.
 *
 * @see <a href="https://keda.sh/docs/latest/scalers/redis-streams/">KEDA's scaler for Redis
 *     Streams</a>
 */
public final class WorkerTriggerAuthentication {

  public static final String API_VERSION = "keda.sh/v1alpha1";
  public static final String KIND = "TriggerAuthentication";

  private WorkerTriggerAuthentication() {}

  /** Whether the fleet is autoscaled and its Redis needs credentials. */
  public static boolean isWanted(Fleet fleet) {
    return fleet.spec().autoscaling() != null && !parameters(fleet.spec().redis()).isEmpty();
  }

  /** The desired TriggerAuthentication. */
  public static GenericKubernetesResource of(Fleet fleet) {
    return Metadata.generic(
        fleet,
        API_VERSION,
        KIND,
        fleet.names().triggerAuthentication(),
        Map.of("secretTargetRef", parameters(fleet.spec().redis())));
  }

  private static List<Map<String, String>> parameters(RedisSpec redis) {
    List<Map<String, String>> parameters = new ArrayList<>();
    add(parameters, redis.credentialsSecret(), "username", "username");
    add(parameters, redis.credentialsSecret(), "password", "password");
    add(parameters, redis.sentinelCredentialsSecret(), "sentinelUsername", "username");
    add(parameters, redis.sentinelCredentialsSecret(), "sentinelPassword", "password");
    TlsSpec tls = redis.tls();
    if (tls != null) {
      add(parameters, tls.caSecret(), "ca", "ca.crt");
      add(parameters, tls.clientSecret(), "cert", "tls.crt");
      add(parameters, tls.clientSecret(), "key", "tls.key");
    }
    return parameters;
  }

  private static void add(
      List<Map<String, String>> parameters,
      @Nullable SecretRef secret,
      String parameter,
      String key) {
    if (secret != null) {
      Map<String, String> reference = new LinkedHashMap<>();
      reference.put("parameter", parameter);
      reference.put("name", secret.name());
      reference.put("key", key);
      parameters.add(reference);
    }
  }
}
