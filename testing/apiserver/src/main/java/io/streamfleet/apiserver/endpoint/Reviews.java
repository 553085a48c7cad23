package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.request.HttpCall;
import java.util.List;

/** Answers access reviews: everybody may do everything. */
final class Reviews {

  private Reviews() {}

  static Answer answer(String resource, HttpCall call) {
    ObjectNode review = Bodies.object(call);
    ObjectNode status = review.putObject("status");
    switch (resource) {
      case "selfsubjectaccessreviews" -> status.put("allowed", true);
      case "selfsubjectrulesreviews" -> {
        ObjectNode rule = status.putArray("resourceRules").addObject();
        List.of("verbs", "apiGroups", "resources").forEach(field -> everything(rule, field));
        ObjectNode path = status.putArray("nonResourceRules").addObject();
        List.of("verbs", "nonResourceURLs").forEach(field -> everything(path, field));
        status.put("incomplete", false);
      }
      default -> throw ApiFailure.noSuchPath();
    }
    return new Answer.Document(201, review, List.of());
  }

  private static void everything(ObjectNode rule, String field) {
    ArrayNode values = rule.putArray(field);
    values.add("*");
  }
}
