package io.streamfleet.console.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamfleet.commands.why.Explanation;
import io.streamfleet.console.change.Cancels;
import io.streamfleet.console.change.Job;
import io.streamfleet.console.change.Jobs;
import io.streamfleet.console.change.Pauses;
import io.streamfleet.console.look.FleetLink;
import io.streamfleet.redis.EntryId;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/** The changes of a fleet. Whoever gets here may make them. */
public final class FleetChanges {

  private final Pauses pauses;
  private final Cancels cancels;
  private final Jobs jobs;

  public FleetChanges(Pauses pauses, Cancels cancels, Jobs jobs) {
    this.pauses = pauses;
    this.cancels = cancels;
    this.jobs = jobs;
  }

  ObjectNode answer(Request request, Api.Visible fleet, List<String> rest, Supplier<FleetLink> link)
      throws IOException {
    JsonNode body = request.body();
    return switch (String.join("/", rest)) {
      case "pause" -> paused(fleet, body, true);
      case "resume" -> paused(fleet, body, false);
      case "cancel" -> cancel(fleet, body, link);
      case "dead-letters/replay" -> start(fleet, body, link, Job.Kind.REPLAY);
      case "dead-letters/purge" -> start(fleet, body, link, Job.Kind.PURGE);
      case "jobs/stop" -> stop(fleet, body);
      default -> throw HttpProblem.notFound();
    };
  }

  private ObjectNode paused(Api.Visible fleet, JsonNode body, boolean paused) {
    pauses.set(fleet.caller(), fleet.resource(), body.path("what").asText(""), paused);
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode cancel(Api.Visible fleet, JsonNode body, Supplier<FleetLink> link) {
    String entry = body.path("entry").asText("");
    String stream = body.path("stream").asText("");
    if (!Explanation.isEntryId(entry) || stream.isEmpty()) {
      throw HttpProblem.bad("a cancellation names the entry and its stream");
    }
    cancels.cancel(fleet.caller(), fleet.resource(), link.get(), stream, EntryId.parse(entry));
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode start(
      Api.Visible fleet, JsonNode body, Supplier<FleetLink> link, Job.Kind kind) {
    // Whoever forgets to say so gets the rehearsal.
    boolean rehearsal = body.path("dry_run").asBoolean(true);
    return jobs.start(
            fleet.caller(), fleet.resource(), link.get(), kind, Filters.of(body), rehearsal)
        .json();
  }

  private ObjectNode stop(Api.Visible fleet, JsonNode body) {
    Job job = found(fleet, body.path("id").asText(""));
    jobs.stop(job);
    return job.json();
  }

  /** How far a job has come. */
  ObjectNode job(Api.Visible fleet, List<String> rest) {
    if (rest.size() != 2) {
      throw HttpProblem.notFound();
    }
    return found(fleet, rest.get(1)).json();
  }

  private Job found(Api.Visible fleet, String id) {
    return jobs.job(fleet.key(), id).orElseThrow(HttpProblem::notFound);
  }
}
