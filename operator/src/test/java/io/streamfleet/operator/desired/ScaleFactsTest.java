package io.streamfleet.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.streamfleet.operator.resource.Fleet;
import io.streamfleet.operator.resource.Fleets;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScaleFactsTest {

  private static final String US = "streamfleet-operator";
  private static final Fleet SCALED = Fleets.with("autoscaling: {minReplicas: 2, maxReplicas: 8}");

  @Test
  void withoutADeploymentNothingIsKnown() {
    assertThat(ScaleFacts.of(null, US)).isEqualTo(ScaleFacts.NONE);
  }

  @Test
  void ourOwnApplyIsNotAnother() {
    assertThat(ScaleFacts.of(deployment(3, US, null, "f:replicas"), US))
        .isEqualTo(new ScaleFacts(OptionalInt.of(3), false));
  }

  @Test
  void anAutoscalerThatWroteTheScaleIsAnother() {
    Deployment deployment =
        new DeploymentBuilder(deployment(3, US, null, "f:replicas"))
            .editMetadata()
            .addToManagedFields(
                deployment(3, "kube-controller-manager", "scale", "f:replicas")
                    .getMetadata()
                    .getManagedFields()
                    .getFirst())
            .endMetadata()
            .build();
    assertThat(ScaleFacts.of(deployment, US).ownedByAnother()).isTrue();
  }

  @Test
  void whoHasOtherFieldsIsNotAnother() {
    assertThat(ScaleFacts.of(deployment(3, "kubectl", null, "f:template"), US).ownedByAnother())
        .isFalse();
  }

  @Test
  void withoutAutoscalingTheNumberIsTheResources() {
    Fleet fixed = Fleets.with("workers: {replicas: 4}");
    assertThat(new ScaleFacts(OptionalInt.of(7), true).wanted(fixed)).hasValue(4);
  }

  @Test
  void aFirstDeploymentHasTheFewestButAtLeastOne() {
    assertThat(ScaleFacts.NONE.wanted(SCALED)).hasValue(2);
    Fleet toZero = Fleets.with("autoscaling: {minReplicas: 0, maxReplicas: 8}");
    assertThat(ScaleFacts.NONE.wanted(toZero)).hasValue(1);
  }

  @Test
  void aNumberThatNobodyElseHasIsKeptWithinTheBounds() {
    assertThat(new ScaleFacts(OptionalInt.of(5), false).wanted(SCALED)).hasValue(5);
    assertThat(new ScaleFacts(OptionalInt.of(0), false).wanted(SCALED)).hasValue(2);
    assertThat(new ScaleFacts(OptionalInt.of(50), false).wanted(SCALED)).hasValue(8);
  }

  @Test
  void aNumberThatSomebodyElseHasIsTheirs() {
    assertThat(new ScaleFacts(OptionalInt.of(5), true).wanted(SCALED)).isEmpty();
  }

  private static Deployment deployment(
      int replicas, String manager, @Nullable String subresource, String field) {
    FieldsV1 fields = new FieldsV1();
    fields.setAdditionalProperty("f:spec", Map.of(field, Map.of()));
    return new DeploymentBuilder()
        .withNewMetadata()
        .withManagedFields(
            new ManagedFieldsEntryBuilder()
                .withManager(manager)
                .withSubresource(subresource)
                .withFieldsV1(fields)
                .build())
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .endSpec()
        .build();
  }
}
