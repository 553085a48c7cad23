package io.streamfleet.operator.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.api.Violation;
import io.streamfleet.operator.resource.Fleets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FeasibilityTest {

  static List<Path> feasible() throws IOException {
    List<Path> files = new ArrayList<>(Fleets.samples());
    try (var golden = Files.walk(Path.of("src/test/resources/golden"))) {
      golden.filter(file -> file.endsWith("in.yaml")).forEach(files::add);
    }
    return files;
  }

  @ParameterizedTest
  @MethodSource("feasible")
  void whatIsShownAsAnExampleIsFeasible(Path file) throws IOException {
    assertThat(Feasibility.problems(Fleets.of(Files.readString(file)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          resources: {request: {cpu: 1}}                   | resources.request: unknown field of a pod, did you mean requests?
          resources: {limits: {memory: 1 GB}}              | resources.limits[memory]: must be a quantity such as 500m or 256Mi
          resources: {limits: {memory: 128Mi}}             | resources.limits[memory]: 128Mi is less than a worker needs: set 192Mi or more, of which two fifths are heap; or set the sizes of its Java machine yourself, by the variable JAVA_TOOL_OPTIONS in spec.workers.env
          resources: {limits: {memory: 201326591}}         | resources.limits[memory]: 201326591 is less than a worker needs: set 192Mi or more, of which two fifths are heap; or set the sizes of its Java machine yourself, by the variable JAVA_TOOL_OPTIONS in spec.workers.env
          env: [{name: A, vallue: b}]                      | env[0].vallue: unknown field of a pod, did you mean value?
          env: [{name: A, value: 1}]                       | env[0].value: must be a text; a number or a truth value needs quotes
          env: [{name: A}, {name: A}]                      | env[1].name: the variable A occurs twice: choose another
          env: [{name: POD_NAME, value: x}]                | env[0].name: the variable POD_NAME is the worker's own: choose another
          env: [{value: x}]                                | env[0].name: must be set
          env: [{name: A, value: b, valueFrom: {fieldRef: {fieldPath: c}}}] | env[0]: must have a value or a valueFrom, not both
          tolerations: [{key: a, effekt: NoSchedule}]      | tolerations[0].effekt: unknown field of a pod, did you mean effect?
          tolerations: [{tolerationSeconds: long}]         | tolerations[0].tolerationSeconds: must be a whole number
          affinity: {nodeAffinity: {required: []}}         | affinity.nodeAffinity.required: unknown field of a pod
          affinity: {podAntiAffinity: []}                  | affinity.podAntiAffinity: must be a mapping
          topologySpreadConstraints: [{maxSkew: 1, topologyKey: z}] | topologySpreadConstraints[0].whenUnsatisfiable: must be set
          volumes: [{name: config, emptyDir: {}}]          | volumes[0].name: the volume config is the worker's own: choose another
          volumes: [{name: a}, {name: a}]                  | volumes[1].name: the volume a occurs twice: choose another
          volumes: [{name: A_B}]                           | volumes[0].name: must have lower case letters, digits and - only, 63 characters at most
          volumeMounts: [{name: a, mountPath: /a}]         | volumeMounts[0].name: there is no volume a: add it to spec.workers.volumes
          volumeMounts: [{name: tmp, mountPath: /tmp}]     | volumeMounts[0].mountPath: the mount path /tmp is the worker's own: choose another
          volumeMounts: [{name: tmp, mountPath: /x, readOnly: yep}] | volumeMounts[0].readOnly: must be true or false
          sidecars: [{name: worker, image: a}]             | sidecars[0].name: the container worker is the worker's own: choose another
          sidecars: [{name: a}]                            | sidecars[0].image: must be set
          sidecars: [{name: a, image: b, restartPolicy: Never}] | sidecars[0].restartPolicy: must be Always, or absent; a sidecar runs as long as the worker
          sidecars: [{name: a, image: b, ports: [{containerPort: 8080}]}] | sidecars[0].ports[0].containerPort: 8080 is the worker's own port: choose another, or change spec.workers.port
          sidecars: [{name: a, image: b, ports: {containerPort: 1}}] | sidecars[0].ports: must be a list
          sidecars: [{name: a, image: b, volumeMounts: [{name: b, mountPath: /a}]}] | sidecars[0].volumeMounts[0].name: there is no volume b: add it to spec.workers.volumes
          containers: [{name: a, image: b, restartPolicy: Always}] | containers[0].restartPolicy: must be absent; what starts before the worker and stops after it belongs into sidecars
          podLabels: {streamfleet.io/group: mine}          | podLabels[streamfleet.io/group]: is the operator's own: leave it out
          podLabels: {team: "a b"}                         | podLabels[team]: must be the value of a label: letters, digits, -, _ and ., 63 characters at most
          podAnnotations: {streamfleet.io/config-hash: x}  | podAnnotations[streamfleet.io/config-hash]: is the operator's own: leave it out
          podAnnotations: {"a b": x}                       | podAnnotations[a b]: must be a key such as team or example.com/team
          """)
  void whatMakesNoPodIsSaidWithItsPath(String workers, String problem) {
    assertThat(Feasibility.problems(Fleets.with("workers:\n  " + workers + "\n")))
        .extracting(Violation::toString)
        .containsExactly("spec.workers." + problem);
  }

  @Test
  void aSidecarAndAContainerMustNotShareAName() {
    assertThat(
            Feasibility.problems(
                Fleets.with(
                    """
                    workers:
                      sidecars: [{name: bot, image: a}]
                      containers: [{name: bot, image: b}]
                    """)))
        .extracting(Violation::path)
        .containsExactly("spec.workers.containers[0].name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://redis:6379/one  | false | must have a number as its path, that of the database, or none
          redis://redis:6379/1/2  | false | must have a number as its path, that of the database, or none
          redis://redis:0         | false | has no valid host (letters, digits, dots and hyphens) or no valid port
          redis:///1              | false | must name a host, such as redis://redis:6379
          redis://a:6379,b:6379   | false | must name one server (of a Redis Cluster one node will do); several are for Sentinel
          redis://my_redis:6379   | false | has no valid host (letters, digits, dots and hyphens) or no valid port
          redis://redis:6379/1    | true  | must not name a database: a Redis Cluster has only the first
          redis://re[dis          | false | is not a url: Illegal character in hostname at character 11
          """)
  void anAddressThatNobodyCanReachIsSaid(String url, boolean cluster, String problem) {
    assertThat(
            problems(
                """
                redis: {url: "%s", cluster: %s}
                inbound: {handler: {builtin: Log}}
                """
                    .formatted(url, cluster)))
        .containsExactly("spec.redis.url: " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://bot-{platform}/in | has {platform}, which only an outbound handler can fill: leave it out
          http://-bot:9000/in      | has no valid host (letters, digits, dots and hyphens) or no valid port
          http://bot/<in>          | is not a url: Illegal character in path at character 12
          unix:///run/bot.sock:/in | names a socket that is in no volume of the worker: mount the one of its sidecar by spec.workers.volumeMounts
          """)
  void aHandlerThatNobodyCanCallIsSaid(String url, String problem) {
    assertThat(
            problems(
                """
                redis: {url: "redis://redis:6379"}
                inbound: {handler: {http: {url: "%s"}}}
                """
                    .formatted(url)))
        .containsExactly("spec.inbound.handler.http.url: " + problem);
  }

  private static List<String> problems(String spec) {
    return Feasibility.problems(Fleets.of(spec)).stream().map(Violation::toString).toList();
  }
}
