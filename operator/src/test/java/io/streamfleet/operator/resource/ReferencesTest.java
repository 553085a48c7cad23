package io.streamfleet.operator.resource;

import static io.streamfleet.operator.resource.Reference.Kind.CONFIG_MAP;
import static io.streamfleet.operator.resource.Reference.Kind.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReferencesTest {

  @Test
  void aPlainFleetRefersToNothing() {
    assertThat(References.of(Fleets.of(Fleets.MINIMAL))).isEmpty();
  }

  @Test
  void theSecretsOfRedisNameTheKeysThatMustBeThere() {
    Fleet fleet =
        Fleets.of(
            """
            redis:
              url: rediss-sentinel://s:26379#main
              credentialsSecret: {name: redis}
              sentinelCredentialsSecret: {name: sentinel}
              tls: {caSecret: {name: ca}, clientSecret: {name: client}}
            inbound: {handler: {builtin: Discard}}
            """);
    assertThat(References.of(fleet))
        .containsExactly(
            needed(SECRET, "redis", "spec.redis.credentialsSecret", "password"),
            needed(SECRET, "sentinel", "spec.redis.sentinelCredentialsSecret", "password"),
            needed(SECRET, "ca", "spec.redis.tls.caSecret", "ca.crt"),
            needed(SECRET, "client", "spec.redis.tls.clientSecret", "tls.crt", "tls.key"));
  }

  @Test
  void everyPlaceOfAPodThatRefersToOneIsFound() {
    Fleet fleet =
        Fleets.with(
            """
            workers:
              imagePullSecrets: [{name: registry}]
              env:
                - {name: A, value: plain}
                - {name: B, valueFrom: {secretKeyRef: {name: s1, key: k}}}
                - {name: C, valueFrom: {configMapKeyRef: {name: c1, key: k, optional: true}}}
              volumes:
                - {name: v0, secret: {secretName: s2, items: [{key: a, path: b}]}}
                - {name: v1, configMap: {name: c2, optional: true}}
                - {name: v2, projected: {sources: [{secret: {name: s3}}, {configMap: {name: c3}}]}}
                - {name: v3, csi: {driver: d, nodePublishSecretRef: {name: s4}}}
                - {name: v4, emptyDir: {}}
              sidecars:
                - name: bot
                  image: bot
                  env: [{name: D, valueFrom: {secretKeyRef: {name: s5, key: k}}}]
                  envFrom: [{configMapRef: {name: c4}}, {secretRef: {name: s6, optional: true}}]
              containers:
                - {name: ship, image: ship, envFrom: [{secretRef: {name: s7}}]}
            """);
    String w = "spec.workers.";
    assertThat(References.of(fleet))
        .containsExactly(
            new Reference(SECRET, "registry", w + "imagePullSecrets[0]", true, List.of()),
            needed(SECRET, "s1", w + "env[1].valueFrom.secretKeyRef", "k"),
            new Reference(
                CONFIG_MAP, "c1", w + "env[2].valueFrom.configMapKeyRef", true, List.of("k")),
            needed(SECRET, "s2", w + "volumes[0].secret", "a"),
            new Reference(CONFIG_MAP, "c2", w + "volumes[1].configMap", true, List.of()),
            needed(SECRET, "s3", w + "volumes[2].projected.sources[0].secret"),
            needed(CONFIG_MAP, "c3", w + "volumes[2].projected.sources[1].configMap"),
            needed(SECRET, "s4", w + "volumes[3].csi.nodePublishSecretRef"),
            needed(SECRET, "s5", w + "sidecars[0].env[0].valueFrom.secretKeyRef", "k"),
            needed(CONFIG_MAP, "c4", w + "sidecars[0].envFrom[0].configMapRef"),
            new Reference(SECRET, "s6", w + "sidecars[0].envFrom[1].secretRef", true, List.of()),
            needed(SECRET, "s7", w + "containers[0].envFrom[0].secretRef"));
  }

  private static Reference needed(Reference.Kind kind, String name, String path, String... keys) {
    return new Reference(kind, name, path, false, List.of(keys));
  }
}
