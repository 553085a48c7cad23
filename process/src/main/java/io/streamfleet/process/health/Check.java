package io.streamfleet.process.health;

import java.util.Optional;

/** One condition of being well. Asked by the thread that answers a probe: it must not block. */
@FunctionalInterface
public interface Check {

  /** What is wrong, in one line that names no credential; empty when all is well. */
  Optional<String> problem();
}
