package io.streamfleet.operator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.streamfleet.operator.cluster.ApiServerContact;
import io.streamfleet.operator.dependent.ApplyFailure;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * What the libraries warn of with a whole stack each time they try again: what the API server did
 * not take, or that it can't be reached. It is said in one line, or not at all where somebody else
 * said it. What is no such thing keeps its stack.
 */
final class LibraryLog extends TurboFilter {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LibraryLog.class);

  /**
   * What they warn of when a connection is cut: that it can't be closed in good order, twice for
   * each watch and with a stack; and that the threads of a Redis that nobody looks at any more are
   * gone. Whoever used the connection opens another one, or says that he can't.
   */
  private static final Set<String> OF_A_CUT_CONNECTION =
      Set.of(
          "io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl",
          "io.netty.util.concurrent.DefaultPromise.rejectedExecution");

  private static final List<String> RETRYING =
      List.of(
          "io.fabric8.kubernetes.client.informers.impl.cache.Reflector",
          "io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector",
          "io.javaoperatorsdk.operator.processing.event.EventProcessor");

  private final ApiServerContact contact;

  private LibraryLog(ApiServerContact contact) {
    this.contact = contact;
  }

  /** Shapes what is logged from now on, as far as the log is ours. */
  static void shape(ApiServerContact contact) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      LibraryLog filter = new LibraryLog(contact);
      filter.start();
      context.addTurboFilter(filter);
    }
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    if (level.isGreaterOrEqual(Level.WARN) && OF_A_CUT_CONNECTION.contains(logger.getName())) {
      return FilterReply.DENY;
    }
    if (level != Level.WARN || !RETRYING.contains(logger.getName())) {
      return FilterReply.NEUTRAL;
    }
    Throwable failure = thrown != null ? thrown : failure(parameters).orElse(null);
    if (failure instanceof ApplyFailed) {
      // Said of each object that failed.
      return FilterReply.DENY;
    }
    Throwable root = root(failure);
    boolean told = contact.isAway();
    if (root instanceof KubernetesClientException refused) {
      if (refused.getCode() > 0 || !told) {
        LOG.atWarn()
            .addKeyValue("what", subject(parameters))
            .addKeyValue("failure", ApplyFailure.line(refused))
            .log("the API server did not take a request; trying again");
      }
      return FilterReply.DENY;
    }
    boolean ofTheNetwork = root instanceof IOException || root instanceof TimeoutException;
    return told && ofTheNetwork ? FilterReply.DENY : FilterReply.NEUTRAL;
  }

  /** The innermost failure, or the client's word of it. */
  private static @Nullable Throwable root(@Nullable Throwable failure) {
    Throwable root = failure;
    while (root != null
        && !(root instanceof KubernetesClientException)
        && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  private static Optional<Throwable> failure(Object @Nullable [] parameters) {
    return parameters == null
        ? Optional.empty()
        : Arrays.stream(parameters)
            .filter(Throwable.class::isInstance)
            .map(Throwable.class::cast)
            .findFirst();
  }

  /** Whatever the line is about: the kind that is watched, the resource, the lease. */
  private static String subject(Object @Nullable [] parameters) {
    return parameters == null
        ? ""
        : Arrays.stream(parameters)
            .filter(it -> it != null && !(it instanceof Throwable))
            .map(String::valueOf)
            .reduce((before, last) -> last)
            .orElse("");
  }
}
