package io.streamfleet.console.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.console.access.Authentication;
import io.streamfleet.console.access.Caller;
import io.streamfleet.console.access.Permissions;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.cluster.FleetResource;
import io.streamfleet.console.cluster.RedisLinks;
import io.streamfleet.console.look.FleetLink;
import io.streamfleet.console.observe.FleetJson;
import io.streamfleet.console.observe.Observatory;
import io.streamfleet.console.observe.ObservedFleet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The paths under {@code /api}: who asks is found out first, then whether the fleet may be seen,
 * and only then anything else. A fleet that may not be seen is answered as one that does not exist.
 */
public final class Api {

  /** Questions that read streams, at a time: each keeps Redis busy for half of its time. */
  private static final int SEARCHES = 4;

  /** Most who wait get an answer that another page asked for; the server cuts off after ten. */
  private static final Duration SEARCH_WAIT = Duration.ofSeconds(6);

  private final Authentication authentication;
  private final Permissions permissions;
  private final Observatory observatory;
  private final RedisLinks links;
  private final Policy policy;
  private final FleetQuestions questions;
  private final FleetChanges changes;
  private final Semaphore searches = new Semaphore(SEARCHES);

  /**
   * What this console allows at all.
   *
   * @param access how users prove who they are, in one word for the page
   * @param changes whether anything can be changed
   * @param payloads whether payloads are shown
   */
  public record Policy(String access, boolean changes, boolean payloads) {}

  /** A fleet that the caller may see. */
  record Visible(Caller caller, ObservedFleet fleet) {

    FleetResource resource() {
      return fleet.resource();
    }

    FleetKey key() {
      return fleet.resource().key();
    }
  }

  public Api(
      Authentication authentication,
      Permissions permissions,
      Observatory observatory,
      RedisLinks links,
      Policy policy,
      FleetQuestions questions,
      FleetChanges changes) {
    this.authentication = authentication;
    this.permissions = permissions;
    this.observatory = observatory;
    this.links = links;
    this.policy = policy;
    this.questions = questions;
    this.changes = changes;
  }

  /** Answers a request that has passed the gate. */
  ObjectNode answer(Request request) throws IOException {
    List<String> path = request.path();
    if (path.equals(List.of("api", "about"))) {
      // So that the page knows what to ask for before anybody has signed in.
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("access", policy.access());
      return json;
    }
    Caller caller =
        authentication
            .caller(request.credential())
            .orElseThrow(() -> new HttpProblem(401, "sign in first"));
    if (path.equals(List.of("api", "me"))) {
      return me(caller);
    }
    if (path.equals(List.of("api", "fleets"))) {
      return fleets(caller);
    }
    if (path.size() < 4 || !path.get(1).equals("fleets")) {
      throw HttpProblem.notFound();
    }
    FleetKey key = new FleetKey(path.get(2), path.get(3));
    ObservedFleet fleet =
        observatory
            .fleet(key)
            .filter(it -> permissions.maySee(caller, key))
            .orElseThrow(() -> new HttpProblem(404, "there is no fleet " + key + " for you"));
    fleet.watch();
    return ofFleet(request, new Visible(caller, fleet), path.subList(4, path.size()));
  }

  private ObjectNode me(Caller caller) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("user", caller.user());
    json.put("access", policy.access());
    json.put("changes", policy.changes());
    json.put("payloads", policy.payloads());
    return json;
  }

  private ObjectNode fleets(Caller caller) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("problem", observatory.problem().orElse(null));
    ArrayNode rows = json.putArray("fleets");
    observatory.fleets().stream()
        .filter(it -> permissions.maySee(caller, it.resource().key()))
        .forEach(it -> rows.add(FleetJson.row(it)));
    return json;
  }

  private ObjectNode ofFleet(Request request, Visible fleet, List<String> rest) throws IOException {
    if (request.method().equals("POST")) {
      if (!policy.changes()) {
        throw new HttpProblem(403, "this console only reads: changes were not enabled");
      }
      if (!permissions.mayChange(fleet.caller(), fleet.key())) {
        throw new HttpProblem(
            403, fleet.caller().user() + " may not update the resource of this fleet");
      }
      return changes.answer(request, fleet, rest, () -> link(fleet));
    }
    if (rest.isEmpty()) {
      ObjectNode json = FleetJson.whole(fleet.fleet());
      json.put(
          "may_change", policy.changes() && permissions.mayChange(fleet.caller(), fleet.key()));
      return json;
    }
    if (rest.getFirst().equals("jobs")) {
      return changes.job(fleet, rest);
    }
    awaitTurn();
    try {
      return questions.answer(request, fleet, rest, () -> link(fleet));
    } finally {
      searches.release();
    }
  }

  private void awaitTurn() {
    try {
      if (searches.tryAcquire(SEARCH_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new HttpProblem(503, "other searches have not ended yet; try again");
  }

  private FleetLink link(Visible fleet) {
    FleetResource resource = fleet.resource();
    StreamConsumerGroupSpec spec =
        resource
            .spec()
            .orElseThrow(
                () -> new HttpProblem(409, "the resource is invalid, so its Redis is unknown"));
    return new FleetLink(
        resource.key(), resource.version(), spec, links.of(resource.key(), spec.redis()));
  }

  /** A time such as {@code 90s}, {@code 5m} or {@code 36h}. */
  static Optional<Duration> duration(Optional<String> text) {
    return text.map(
        given -> {
          if (!given.matches("[0-9]{1,6}[smhd]")) {
            throw HttpProblem.bad("a time is written as 90s, 5m, 36h or 7d");
          }
          long number = Long.parseLong(given.substring(0, given.length() - 1));
          return switch (given.charAt(given.length() - 1)) {
            case 's' -> Duration.ofSeconds(number);
            case 'm' -> Duration.ofMinutes(number);
            case 'h' -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
          };
        });
  }
}
