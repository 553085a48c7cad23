package io.streamfleet.process.health;

import java.util.Optional;

/** One health condition. Called by the thread that answers a probe: it must not block. */
@FunctionalInterface
public interface Check {

  /** What is wrong, in one line without credentials; empty when all is well. */
  Optional<String> problem();
}
