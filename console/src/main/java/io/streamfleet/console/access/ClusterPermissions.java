package io.streamfleet.console.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.Manifest;
import io.streamfleet.console.cluster.Cluster;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.shared.Shared;
import java.time.Duration;

/**
 * Asks the cluster: who may get a StreamConsumerGroup may see its fleet, who may update it may
 * change it. A right in all namespaces, or in the whole namespace, answers for each fleet there, so
 * that a page of many fleets asks little.
 */
public final class ClusterPermissions implements Permissions {

  /** A right that was taken away opens nothing any more after this time. */
  private static final Duration REMEMBERED = Duration.ofSeconds(30);

  /** For some users with 500 fleets each. */
  private static final int MOST = 10_000;

  private static final String PATH = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

  private record Question(Caller caller, String verb, String namespace, String name) {}

  private final Cluster cluster;
  private final Shared<Question, Boolean> known = new Shared<>(REMEMBERED, MOST);

  public ClusterPermissions(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public boolean maySee(Caller caller, FleetKey fleet) {
    return may(caller, "get", fleet);
  }

  @Override
  public boolean mayChange(Caller caller, FleetKey fleet) {
    return may(caller, "update", fleet);
  }

  private boolean may(Caller caller, String verb, FleetKey fleet) {
    return allowed(new Question(caller, verb, "", ""))
        || allowed(new Question(caller, verb, fleet.namespace(), ""))
        || allowed(new Question(caller, verb, fleet.namespace(), fleet.name()));
  }

  private boolean allowed(Question question) {
    return known.get(question, () -> review(question));
  }

  private boolean review(Question question) {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    ObjectNode spec = review.putObject("spec");
    spec.put("user", question.caller().user());
    ArrayNode groups = spec.putArray("groups");
    question.caller().groups().forEach(groups::add);
    ObjectNode resource = spec.putObject("resourceAttributes");
    resource.put("group", Manifest.GROUP).put("resource", Manifest.PLURAL);
    resource.put("verb", question.verb());
    if (!question.namespace().isEmpty()) {
      resource.put("namespace", question.namespace());
    }
    if (!question.name().isEmpty()) {
      resource.put("name", question.name());
    }
    return cluster.create(PATH, review).path("status").path("allowed").asBoolean(false);
  }
}
