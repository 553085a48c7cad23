package io.streamfleet.apiserver.endpoint;

import java.util.Optional;

/** Where the lines are that pods have printed. */
@FunctionalInterface
public interface LogSource {

  /** All that is kept of a pod's; empty where nothing is known of it. */
  Optional<String> log(String namespace, String pod);
}
