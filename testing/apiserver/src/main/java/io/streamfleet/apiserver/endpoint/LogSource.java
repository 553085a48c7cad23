package io.streamfleet.apiserver.endpoint;

import java.util.Optional;

/** Reads the logs of pods. */
@FunctionalInterface
public interface LogSource {

  /** What is kept of a pod's log; empty if nothing is known. */
  Optional<String> log(String namespace, String pod);
}
