package io.streamfleet.operator.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamfleet.api.RedisSpec;
import io.streamfleet.api.SecretRef;
import io.streamfleet.api.TlsSpec;
import io.streamfleet.api.WorkersSpec;
import io.streamfleet.operator.resource.Reference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the Secrets and ConfigMaps that a fleet refers to. */
public final class References {

  private static final String WORKERS = "spec.workers.";

  private final List<Reference> found = new ArrayList<>();

  private References() {}

  /** All references, in the order of the spec; an object may occur more than once. */
  public static List<Reference> of(Fleet fleet) {
    References references = new References();
    references.redis(fleet.spec().redis());
    references.workers(fleet.spec().workers());
    return List.copyOf(references.found);
  }

  private void redis(RedisSpec redis) {
    redisSecret(redis.credentialsSecret(), "credentialsSecret", "password");
    redisSecret(redis.sentinelCredentialsSecret(), "sentinelCredentialsSecret", "password");
    TlsSpec tls = redis.tls();
    if (tls != null) {
      redisSecret(tls.caSecret(), "tls.caSecret", "ca.crt");
      redisSecret(tls.clientSecret(), "tls.clientSecret", "tls.crt", "tls.key");
    }
  }

  private void redisSecret(@Nullable SecretRef secret, String path, String... keys) {
    if (secret != null) {
      found.add(
          new Reference(Kind.SECRET, secret.name(), "spec.redis." + path, false, List.of(keys)));
    }
  }

  private void workers(WorkersSpec workers) {
    List<SecretRef> pullSecrets = workers.imagePullSecrets();
    for (int i = 0; i < pullSecrets.size(); i++) {
      // The kubelet continues without one that is missing, since the image may not need it.
      found.add(
          new Reference(
              Kind.SECRET,
              pullSecrets.get(i).name(),
              WORKERS + "imagePullSecrets[" + i + "]",
              true,
              List.of()));
    }
    each(workers.env(), WORKERS + "env", this::variable);
    each(workers.volumes(), WORKERS + "volumes", this::volume);
    each(workers.sidecars(), WORKERS + "sidecars", this::container);
    each(workers.containers(), WORKERS + "containers", this::container);
  }

  private void container(JsonNode container, String path) {
    each(container.path("env"), path + ".env", this::variable);
    each(
        container.path("envFrom"),
        path + ".envFrom",
        (source, place) -> {
          named(Kind.SECRET, source, place, "secretRef", "name");
          named(Kind.CONFIG_MAP, source, place, "configMapRef", "name");
        });
  }

  private void variable(JsonNode variable, String path) {
    JsonNode source = variable.path("valueFrom");
    String place = path + ".valueFrom";
    named(Kind.SECRET, source, place, "secretKeyRef", "name");
    named(Kind.CONFIG_MAP, source, place, "configMapKeyRef", "name");
  }

  private void volume(JsonNode volume, String path) {
    named(Kind.SECRET, volume, path, "secret", "secretName");
    named(Kind.CONFIG_MAP, volume, path, "configMap", "name");
    named(Kind.SECRET, volume.path("csi"), path + ".csi", "nodePublishSecretRef", "name");
    each(
        volume.path("projected").path("sources"),
        path + ".projected.sources",
        (source, place) -> {
          named(Kind.SECRET, source, place, "secret", "name");
          named(Kind.CONFIG_MAP, source, place, "configMap", "name");
        });
  }

  private void named(Kind kind, JsonNode holder, String path, String field, String nameField) {
    JsonNode reference = holder.path(field);
    String name = reference.path(nameField).asText();
    if (!name.isEmpty()) {
      found.add(
          new Reference(
              kind,
              name,
              path + "." + field,
              reference.path("optional").asBoolean(),
              keys(reference)));
    }
  }

  /** The key of an environment variable, or the keys that a volume selects; both must exist. */
  private static List<String> keys(JsonNode reference) {
    return Stream.concat(
            Stream.of(reference.path("key")),
            reference.path("items").valueStream().map(item -> item.path("key")))
        .map(JsonNode::asText)
        .filter(key -> !key.isEmpty())
        .toList();
  }

  private static void each(Iterable<JsonNode> elements, String path, Visit visit) {
    int index = 0;
    for (JsonNode element : elements) {
      visit.at(element, path + "[" + index + "]");
      index++;
    }
  }

  private interface Visit {
    void at(JsonNode element, String path);
  }
}
