package io.streamfleet.commands.check;

import io.lettuce.core.RedisCommandExecutionException;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks whether the user has the rights of a worker, without running the commands. */
final class RightsCheck {

  private static final Script RIGHTS = Script.beside(RightsCheck.class, "rights.lua");

  private static final String LINK = "docs/redis.md#kinds-of-servers";

  /** The most keys or channels listed for a missing right, as there can be many. */
  private static final int NAMED = 3;

  private RightsCheck() {}

  private record Kind(String rule, boolean needed, String without) {}

  static List<Finding> of(Link link, StreamConsumerGroupSpec spec) {
    List<Right> rights = Right.of(link, spec);
    List<Object> answers;
    try {
      answers =
          RedisReply.of(
              () ->
                  link.eval(
                      RIGHTS,
                      List.of(),
                      args ->
                          rights.forEach(
                              right -> {
                                args.add(right.words().size());
                                right.words().forEach(args::add);
                              })));
    } catch (RedisCommandExecutionException e) {
      return List.of(
          Finding.error(
              "rights",
              "the user may not run scripts: " + e.getMessage(),
              "ACL SETUSER ... +eval +evalsha",
              LINK));
    }
    Map<Kind, Set<String>> missing = new LinkedHashMap<>();
    for (int i = 0; i < rights.size(); i++) {
      if (answers.get(i) instanceof Long allowed && allowed == 0) {
        Right right = rights.get(i);
        missing
            .computeIfAbsent(
                new Kind(right.rule(), right.needed(), right.without()),
                kind -> new LinkedHashSet<>())
            .add(right.subject());
      }
    }
    if (missing.isEmpty()) {
      return List.of(Finding.ok("rights", "the user may do all that a worker does", LINK));
    }
    List<Finding> found = new ArrayList<>();
    missing.forEach((kind, subjects) -> found.add(finding(kind, subjects)));
    return found;
  }

  private static Finding finding(Kind kind, Set<String> subjects) {
    List<String> named = subjects.stream().filter(it -> !it.isEmpty()).limit(NAMED).toList();
    String on = named.isEmpty() ? "" : " on " + String.join(", ", named);
    String text = "the user may not " + kind.rule() + on + ": " + kind.without();
    String remedy =
        "ACL SETUSER ... "
            + kind.rule()
            + (named.isEmpty() ? "" : ", and a pattern (~ or &) for" + on.substring(3));
    return kind.needed()
        ? Finding.error("rights", text, remedy, LINK)
        : Finding.warning("rights", text, remedy, LINK);
  }
}
