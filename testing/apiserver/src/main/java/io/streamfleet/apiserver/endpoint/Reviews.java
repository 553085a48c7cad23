package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.apiserver.access.Users;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.request.HttpCall;
import java.util.List;
import java.util.Set;

/**
 * Answers access reviews: whoever may send a request may do everything; of others the users are
 * asked.
 */
final class Reviews {

  static final Set<String> GROUPS = Set.of("authorization.k8s.io", "authentication.k8s.io");

  private final Users users;

  Reviews(Users users) {
    this.users = users;
  }

  Answer answer(String resource, HttpCall call) {
    ObjectNode review = Bodies.object(call);
    JsonNode spec = review.path("spec");
    ObjectNode status = review.putObject("status");
    switch (resource) {
      case "selfsubjectaccessreviews" -> status.put("allowed", true);
      case "subjectaccessreviews" ->
          status.put(
              "allowed",
              users.may(spec.path("user").asText(), access(spec.path("resourceAttributes"))));
      case "tokenreviews" -> whose(spec.path("token").asText(), status);
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

  private static Users.Access access(JsonNode attributes) {
    return new Users.Access(
        attributes.path("verb").asText(),
        attributes.path("group").asText(),
        attributes.path("resource").asText(),
        attributes.path("namespace").asText(),
        attributes.path("name").asText());
  }

  private void whose(String token, ObjectNode status) {
    users
        .of(token)
        .ifPresentOrElse(
            user -> {
              status.put("authenticated", true);
              ObjectNode json = status.putObject("user").put("username", user.name());
              ArrayNode groups = json.putArray("groups");
              user.groups().forEach(groups::add);
            },
            () -> status.put("authenticated", false));
  }

  private static void everything(ObjectNode rule, String field) {
    ArrayNode values = rule.putArray(field);
    values.add("*");
  }
}
