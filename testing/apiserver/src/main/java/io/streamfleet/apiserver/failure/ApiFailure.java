package io.streamfleet.apiserver.failure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A failed request, as the client sees it.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/using-api/api-concepts/#status-kind">Kubernetes on
 *     Status</a>
 */
public final class ApiFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final int code;
  private final String reason;
  private final transient List<Cause> causes;

  /**
   * One cause.
   *
   * @param reason such as {@code FieldValueInvalid}
   * @param field the path of the field; empty if it concerns no field
   */
  public record Cause(String reason, String message, String field) {}

  /**
   * A failure without causes.
   *
   * @param code the HTTP status
   * @param reason such as {@code NotFound}
   */
  public ApiFailure(int code, String reason, String message) {
    this(code, reason, message, List.of());
  }

  private ApiFailure(int code, String reason, String message, List<Cause> causes) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.causes = List.copyOf(causes);
  }

  /** The request can't be understood. */
  public static ApiFailure badRequest(String message) {
    return new ApiFailure(400, "BadRequest", message);
  }

  /** The token is missing or wrong. */
  public static ApiFailure unauthorized() {
    return new ApiFailure(401, "Unauthorized", "Unauthorized");
  }

  /** The request is not allowed for anybody. */
  public static ApiFailure forbidden(String why) {
    return new ApiFailure(403, "Forbidden", why);
  }

  /** The body is larger than the limit. */
  public static ApiFailure tooLarge(int most) {
    return new ApiFailure(
        413,
        "RequestEntityTooLarge",
        "Request entity too large: limit is %d bytes".formatted(most));
  }

  /** The object does not exist; {@code resource} is such as {@code deployments.apps}. */
  public static ApiFailure notFound(String resource, String name) {
    return new ApiFailure(404, "NotFound", "%s \"%s\" not found".formatted(resource, name));
  }

  /** The path does not exist. */
  public static ApiFailure noSuchPath() {
    return new ApiFailure(404, "NotFound", "the server could not find the requested resource");
  }

  /** The embedded API server does not support this, though a cluster would. */
  public static ApiFailure notSupported(String what) {
    return new ApiFailure(
        405, "MethodNotAllowed", "the embedded API server does not support " + what);
  }

  /** The object exists already. */
  public static ApiFailure alreadyExists(String resource, String name) {
    return new ApiFailure(
        409, "AlreadyExists", "%s \"%s\" already exists".formatted(resource, name));
  }

  /** The object was changed by somebody else. */
  public static ApiFailure conflict(String resource, String name, String why) {
    return new ApiFailure(
        409,
        "Conflict",
        "Operation cannot be fulfilled on %s \"%s\": %s".formatted(resource, name, why));
  }

  /** Other managers own fields that were to be set. */
  public static ApiFailure applyConflict(List<Cause> conflicts) {
    String what = conflicts.size() == 1 ? "1 conflict" : "%d conflicts".formatted(conflicts.size());
    return new ApiFailure(
        409, "Conflict", "Apply failed with %s: %s".formatted(what, joined(conflicts)), conflicts);
  }

  /** Nothing can be created in a namespace that is being deleted. */
  public static ApiFailure namespaceEnds(String resource, String name, String namespace) {
    return new ApiFailure(
        403,
        "Forbidden",
        "%s \"%s\" is forbidden: unable to create new content in namespace %s because it is being terminated"
            .formatted(resource, name, namespace),
        List.of(
            new Cause(
                "NamespaceTerminating",
                "namespace %s is being terminated".formatted(namespace),
                "metadata.namespace")));
  }

  /** The object is invalid; {@code kind} is such as {@code Deployment.apps}. */
  public static ApiFailure invalid(String kind, String name, List<Cause> causes) {
    return new ApiFailure(
        422, "Invalid", "%s \"%s\" is invalid: %s".formatted(kind, name, joined(causes)), causes);
  }

  /**
   * The content type of the body is not supported.
   *
   * @param accepted the supported ones
   */
  public static ApiFailure unsupportedMediaType(String type, List<String> accepted) {
    return new ApiFailure(
        415,
        "UnsupportedMediaType",
        "the body of the request was in an unknown format - accepted media types include: %s; found %s"
            .formatted(String.join(", ", accepted), type));
  }

  /** The version for a watch or a list is too old. */
  public static ApiFailure expired(String message) {
    return new ApiFailure(410, "Expired", message);
  }

  private static String joined(List<Cause> causes) {
    List<String> texts =
        causes.stream()
            .map(
                cause ->
                    cause.field().isEmpty()
                        ? cause.message()
                        : cause.field() + ": " + cause.message())
            .toList();
    return texts.size() == 1 ? texts.getFirst() : "[" + String.join(", ", texts) + "]";
  }

  /** The HTTP status. */
  public int code() {
    return code;
  }

  /** The reason for machines. */
  public String reason() {
    return reason;
  }

  /** The body of the response. */
  public ObjectNode status() {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
    if (!causes.isEmpty()) {
      var array = status.putObject("details").putArray("causes");
      causes.forEach(
          cause -> {
            ObjectNode entry = array.addObject();
            entry.put("reason", cause.reason()).put("message", cause.message());
            if (!cause.field().isEmpty()) {
              entry.put("field", cause.field());
            }
          });
    }
    return status.put("code", code);
  }
}
