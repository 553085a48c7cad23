package io.streamfleet.operator.consumer;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Failures;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.ConsumerGroup;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.ObservedConsumer;
import io.streamfleet.redis.group.ObservedGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks Redis which consumers are silent among those that this operator never saw as pods. */
final class UnknownNames {

  private static final Pattern UPTIME = Pattern.compile("uptime_in_seconds:(\\d+)");

  private final Link link;
  private final NoticeChannels notices;
  private final Duration timeout;

  /**
   * @param timeout how long to wait for a reply of Redis
   */
  UnknownNames(Link link, NoticeChannels notices, Duration timeout) {
    this.link = link;
    this.notices = notices;
    this.timeout = timeout;
  }

  private record Question(
      ConsumerGroup group, String consumer, CompletableFuture<Optional<Boolean>> listens) {}

  /**
   * The consumers under whose name nobody is subscribed in any group, and whose last call is long
   * enough ago. Empty if Redis itself has not been up for so long.
   *
   * @throws ExecutionException when Redis can't be asked
   * @throws TimeoutException when it does not answer in time
   */
  Set<String> quiet(List<ObservedGroup> groups, Set<String> names, Duration needed)
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> quiet = new HashSet<>(names);
    for (ObservedGroup group : groups) {
      for (ObservedConsumer consumer : group.consumers()) {
        if (consumer.idle().filter(idle -> idle.compareTo(needed) >= 0).isEmpty()) {
          quiet.remove(consumer.name());
        }
      }
    }
    if (quiet.isEmpty() || !isUpFor(needed)) {
      return Set.of();
    }
    List<Question> questions = new ArrayList<>();
    for (ObservedGroup group : groups) {
      for (String name : quiet) {
        questions.add(
            new Question(group.group(), name, notices.isListening(link, group.group(), name)));
      }
    }
    for (Question question : questions) {
      if (question.listens().get(timeout.toMillis(), TimeUnit.MILLISECONDS).orElse(false)) {
        quiet.remove(question.consumer());
      }
    }
    return quiet;
  }

  /** In a Cluster each node has its own uptime; there the consecutive observations have to do. */
  private boolean isUpFor(Duration needed)
      throws ExecutionException, InterruptedException, TimeoutException {
    if (link.isCluster()) {
      return true;
    }
    try {
      Matcher uptime =
          UPTIME.matcher(
              link.status(CommandType.INFO, Link.args().add("server"))
                  .get(timeout.toMillis(), TimeUnit.MILLISECONDS));
      return !uptime.find() || Long.parseLong(uptime.group(1)) >= needed.toSeconds();
    } catch (ExecutionException e) {
      if (Failures.cause(e) instanceof RedisCommandExecutionException) {
        // An ACL may forbid INFO.
        return true;
      }
      throw e;
    }
  }
}
