package io.streamfleet.console.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.cluster.FleetResource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode heldBackBy(String available) throws Exception {
    JsonNode status =
        JSON.readTree(
            """
            {"conditions": [{"type": "HandlersAvailable", "status": "%s", "message":
            "inbound: all workers have an open breaker: it is unavailable. Messages wait"}]}"""
                .formatted(available));
    JsonNode nothing = JSON.createObjectNode();
    FleetResource resource =
        new FleetResource(
            new FleetKey("shop", "orders"),
            "uid",
            "1",
            nothing,
            nothing,
            status,
            Optional.empty(),
            Optional.empty());
    return FleetJson.row(new ObservedFleet(resource)).path("held_back_by");
  }

  @Test
  void anEndpointThatIsUnavailableHoldsAFleetBack() throws Exception {
    assertThat(heldBackBy("False"))
        .singleElement()
        .extracting(JsonNode::asText)
        .isEqualTo("inbound: all workers have an open breaker: it is unavailable");
    assertThat(heldBackBy("True")).isEmpty();
  }
}
