package io.streamfleet.apiserver.endpoint;

import io.streamfleet.apiserver.failure.ApiFailure;
import io.streamfleet.apiserver.request.ApiRequest;
import io.streamfleet.apiserver.request.HttpCall;
import io.streamfleet.apiserver.store.Store;
import io.streamfleet.apiserver.write.Target;
import java.util.List;
import java.util.regex.Pattern;

/** Answers {@code kubectl logs}: all that is kept, or the last lines. */
final class PodLogs {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private final Store store;
  private final LogSource source;

  PodLogs(Store store, LogSource source) {
    this.store = store;
    this.source = source;
  }

  Answer answer(Target target, ApiRequest request, HttpCall call) {
    if (!request.resource().equals("pods") || !request.verb().equals("get")) {
      throw ApiFailure.notSupported("%s of %s/log".formatted(request.verb(), request.resource()));
    }
    if (store.get(target.key()).isEmpty()) {
      throw ApiFailure.notFound(target.type().qualifiedResource(), target.name());
    }
    if (call.isSet("follow")) {
      throw ApiFailure.notSupported("following a log; ./streamfleet logs -f POD does");
    }
    if (call.isSet("previous")) {
      throw ApiFailure.notSupported(
          "the log before a restart; restarts append to one log, so leave --previous out");
    }
    String text = source.log(target.namespace(), target.name()).orElse("");
    String lines = call.parameter("tailLines");
    return new Answer.Text(
        200, NUMBER.matcher(lines).matches() ? last(text, Integer.parseInt(lines)) : text);
  }

  private static String last(String text, int wanted) {
    List<String> lines = text.lines().toList();
    StringBuilder tail = new StringBuilder();
    lines
        .subList(Math.max(0, lines.size() - wanted), lines.size())
        .forEach(line -> tail.append(line).append('\n'));
    return tail.toString();
  }
}
