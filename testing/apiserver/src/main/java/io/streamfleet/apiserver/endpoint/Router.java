package io.streamfleet.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.streamfleet.apiserver.access.Users;
import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.kind.ResourceType;
import io.streamfleet.apiserver.kind.ResourceTypes;
import io.streamfleet.apiserver.openapi.OpenApi;
import io.streamfleet.apiserver.openapi.OpenApiProtobuf;
import io.streamfleet.apiserver.request.ApiRequest;
import io.streamfleet.apiserver.request.Faults;
import io.streamfleet.apiserver.request.HttpCall;
import io.streamfleet.apiserver.request.RequestListener;
import io.streamfleet.apiserver.request.RequestPath;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.write.Deleter;
import io.streamfleet.apiserver.write.Target;
import io.streamfleet.apiserver.write.Writer;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes each call and converts failures to responses. */
public final class Router {

  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  /** The latest Kubernetes version that fleets are tested with. */
  private static final String MINOR = "36";

  private final ResourceTypes types;
  private final Discovery discovery;
  private final OpenApi openApi;
  private final Reading reading;
  private final Writing writing;
  private final Scaling scaling;
  private final RequestListener listener;
  private final Faults faults;
  private final PodLogs logs;
  private final Reviews reviews;

  /**
   * Answers from a store.
   *
   * @param listener is told each request for a resource
   * @param faults may make it fail
   * @param logs of pods
   * @param users of whom access reviews know
   * @param clock for the age of objects
   */
  public Router(
      ResourceTypes types,
      Store store,
      Writer writer,
      Deleter deleter,
      RequestListener listener,
      Faults faults,
      LogSource logs,
      Users users,
      Clock clock) {
    this.types = types;
    this.discovery = new Discovery(types);
    this.openApi = new OpenApi(types);
    this.reading = new Reading(store, clock);
    this.writing = new Writing(store, writer, deleter);
    this.scaling = new Scaling(store, writer);
    this.listener = listener;
    this.faults = faults;
    this.logs = new PodLogs(store, logs);
    this.reviews = new Reviews(users);
  }

  /** The response to a call; never throws. */
  public Answer answer(HttpCall call) {
    try {
      Optional<RequestPath> path = RequestPath.parse(call.path());
      return path.isPresent() ? resource(path.get(), call) : other(call);
    } catch (ApiFailure failure) {
      return new Answer.Document(failure.code(), failure.status(), List.of());
    } catch (RuntimeException e) {
      LOG.error("{} {} failed; this is a defect of the API server", call.method(), call.path(), e);
      ApiFailure failure = new ApiFailure(500, "InternalError", "internal error: " + e);
      return new Answer.Document(failure.code(), failure.status(), List.of());
    }
  }

  private Answer other(HttpCall call) {
    if (!call.method().equals("GET")) {
      throw ApiFailure.notSupported(call.method() + " of " + call.path());
    }
    String[] segments = call.path().split("/", -1);
    return switch (call.path()) {
      case "/healthz", "/livez", "/readyz" -> new Answer.Text(200, "ok");
      case "/version" -> Answer.ok(version());
      case "/api", "/api/" -> discovery.coreVersions();
      case "/apis", "/apis/" -> discovery.groups();
      case "/api/v1" -> discovery.resources("", "v1");
      case OpenApi.V2 -> openApiV2(call);
      default -> {
        if (call.path().equals(OpenApi.V3) || call.path().startsWith(OpenApi.V3 + "/")) {
          yield Answer.ok(openApi.v3(call.path()));
        }
        if (!call.path().startsWith("/apis/") || segments.length > 4) {
          throw ApiFailure.noSuchPath();
        }
        yield segments.length == 3
            ? discovery.group(segments[2])
            : discovery.resources(segments[2], segments[3]);
      }
    };
  }

  private Answer openApiV2(HttpCall call) {
    for (String accepted : call.accept().split(",", -1)) {
      String type = accepted.replaceAll("\\s*;.*", "").strip();
      if (type.startsWith(OpenApiProtobuf.TYPE)) {
        return new Answer.Encoded(
            OpenApiProtobuf.ANSWERED, Buffer.buffer(OpenApiProtobuf.of(openApi.v2())));
      }
    }
    return Answer.ok(openApi.v2());
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode version() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("major", "1")
        .put("minor", MINOR)
        .put("gitVersion", "v1." + MINOR + ".0")
        .put("platform", "streamfleet/embedded");
  }

  private Answer resource(RequestPath path, HttpCall call) {
    ApiRequest request = path.request(call);
    listener.received(request);
    faults.check(request);
    if (Reviews.GROUPS.contains(path.group()) && request.verb().equals("create")) {
      return reviews.answer(path.resource(), call);
    }
    ResourceType type =
        types
            .find(path.group(), path.version(), path.resource())
            .orElseThrow(ApiFailure::noSuchPath);
    Target target = new Target(type, path.namespace(), path.name(), path.subresource());
    return switch (path.subresource()) {
      case "" -> object(target, request, call);
      case "status" -> {
        if (!type.statusIsolated()) {
          throw ApiFailure.noSuchPath();
        }
        yield object(target, request, call);
      }
      case "scale" -> scale(target, request, call);
      case "log" -> logs.answer(target, request, call);
      default ->
          throw ApiFailure.notSupported(
              "%s of %s/%s".formatted(request.verb(), path.resource(), path.subresource()));
    };
  }

  private Answer object(Target target, ApiRequest request, HttpCall call) {
    return switch (request.verb()) {
      case "get" -> reading.get(target, call);
      case "list" -> reading.list(target.type(), request, call);
      case "watch" -> reading.watch(target.type(), request, call);
      case "create" -> writing.create(target, call);
      case "update" -> writing.update(target, call);
      case "patch" -> writing.patch(target, call);
      case "delete" -> writing.delete(target, call);
      case "deletecollection" -> writing.deleteCollection(target.type(), request, call);
      default -> throw ApiFailure.notSupported(request.verb());
    };
  }

  private Answer scale(Target target, ApiRequest request, HttpCall call) {
    return switch (request.verb()) {
      case "get" -> scaling.get(target);
      case "update" -> scaling.update(target, call);
      case "patch" -> scaling.patch(target, call);
      default -> throw ApiFailure.notSupported(request.verb() + " of a scale");
    };
  }
}
