package io.streamfleet.console.access;

import java.util.Optional;

/** Finds out who sent a request. */
@FunctionalInterface
public interface Authentication {

  /** The user; empty if the request does not prove who that is. */
  Optional<Caller> caller(Credential credential);
}
