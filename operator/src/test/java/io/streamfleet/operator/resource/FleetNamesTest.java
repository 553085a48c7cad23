package io.streamfleet.operator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FleetNamesTest {

  private static final String LONGEST = "a".repeat(253);

  @Test
  void childrenAreCalledAfterTheResource() {
    FleetNames names = new FleetNames("stargazer");
    assertThat(names.worker()).isEqualTo("stargazer-worker");
    assertThat(names.config()).isEqualTo("stargazer-config");
    assertThat(names.triggerAuthentication()).isEqualTo("stargazer-redis");
    assertThat(names.selector())
        .containsOnlyKeys("app.kubernetes.io/name", "streamfleet.io/group")
        .containsEntry("streamfleet.io/group", "stargazer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "1", "1st.fleet", "a.b", "9", "x--y", "stargazer", "0.0"})
  void everyNameFitsAServiceAndALabel(String resource) {
    assertFits(resource);
    assertFits(resource + "-" + LONGEST.substring(0, 252 - resource.length()));
    assertFits(resource + "." + "b.".repeat(60) + "b");
  }

  @Test
  void aCutNeverEndsInADashOrADot() {
    for (int length = 25; length < 70; length++) {
      assertFits("a".repeat(length) + "-b.c-" + "d".repeat(100));
    }
  }

  private static void assertFits(String resource) {
    FleetNames names = new FleetNames(resource);
    assertThat(List.of(names.worker(), names.config(), names.triggerAuthentication()))
        .allSatisfy(
            name ->
                assertThat(name)
                    .matches("[a-z]([-a-z0-9]*[a-z0-9])?")
                    .hasSizeLessThanOrEqualTo(46));
    assertThat(names.labelValue())
        .matches("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?")
        .hasSizeLessThanOrEqualTo(63);
  }

  @Test
  void resourcesWhoseNamesDifferShareNothing() {
    FleetNames one = new FleetNames(LONGEST + "b");
    FleetNames other = new FleetNames(LONGEST + "c");
    assertThat(one.worker()).isNotEqualTo(other.worker());
    assertThat(one.labelValue()).isNotEqualTo(other.labelValue());
    assertThat(new FleetNames("a.b").worker()).isNotEqualTo(new FleetNames("a-b").worker());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stargazer-worker-5c7d8f9b6-x2k4q",
        "stargazer-worker-1-bcdfg",
        "stargazer-worker-6d4cf56db6-zwxvt"
      })
  void aPodOfTheDeploymentIsKnownByItsName(String pod) {
    assertThat(new FleetNames("stargazer").isWorkerPod(pod)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stargazer-worker",
        "stargazer-worker-x2k4q",
        "stargazer-worker-5c7d8f9b6-x2k4",
        "stargazer-worker-5c7d8f9b6-x2k4qq",
        "stargazer-worker-5c7d8f9b6-a2k4q",
        "stargazer-worker-5c7d8f9b6-x0k4q",
        "stargazer-worker-12345678901-x2k4q",
        "stargazer-worker--x2k4q",
        "stargazer-worker-b-worker-5c7d8f9b6-x2k4q",
        "stargazer-worker-5C7d8f9b6-x2k4q",
        "other-stargazer-worker-5c7d8f9b6-x2k4q",
        "stargazer-worker-5c7d8f9b6-x2k4q\n",
        "worker-1",
        "",
        "stargazerXworker-5c7d8f9b6-x2k4q"
      })
  void noOtherConsumerIsTakenForOne(String consumer) {
    assertThat(new FleetNames("stargazer").isWorkerPod(consumer)).isFalse();
  }

  @Test
  void aPodOfACutNameIsKnownJustAsExactly() {
    FleetNames names = new FleetNames(LONGEST);
    String pod = names.worker() + "-5c7d8f9b60-x2k4q";
    assertThat(pod).hasSizeLessThanOrEqualTo(63);
    assertThat(names.isWorkerPod(pod)).isTrue();
    assertThat(new FleetNames(LONGEST + "b").isWorkerPod(pod)).isFalse();
  }
}
