package io.streamfleet.process.health;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The named checks behind {@code /healthz} and {@code /readyz}. Liveness contains only what a
 * restart would fix; an unreachable Redis belongs to readiness. Thread-safe.
 */
public final class Health {

  private final ConcurrentMap<String, Check> liveness = new ConcurrentSkipListMap<>();
  private final ConcurrentMap<String, Check> readiness = new ConcurrentSkipListMap<>();

  /**
   * Adds a liveness check: when it fails, the process should be restarted.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void requireForLife(String name, Check check) {
    add(liveness, name, check);
  }

  /**
   * Adds a readiness check: when it fails, the process does not work, or not yet.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void requireForReadiness(String name, Check check) {
    add(readiness, name, check);
  }

  /** Removes the checks of this name, such as that of a loop that has ended normally. */
  public void drop(String name) {
    liveness.remove(name);
    readiness.remove(name);
  }

  /** One line for each failing liveness check, by name; empty when all pass. */
  public List<String> lifeProblems() {
    return problems(liveness);
  }

  /** One line for each failing readiness check, by name; empty when all pass. */
  public List<String> readinessProblems() {
    return problems(readiness);
  }

  private static void add(ConcurrentMap<String, Check> checks, String name, Check check) {
    if (checks.putIfAbsent(name, check) != null) {
      throw new IllegalArgumentException("there is a check named " + name + " already");
    }
  }

  private static List<String> problems(ConcurrentMap<String, Check> checks) {
    return checks.entrySet().stream()
        .flatMap(
            named ->
                ask(named.getValue()).stream()
                    .map(problem -> named.getKey() + ": " + problem.replaceAll("\\R", " ")))
        .toList();
  }

  private static Optional<String> ask(Check check) {
    try {
      return check.problem();
    } catch (RuntimeException e) {
      // Only the class: a message may contain an address with its credentials.
      return Optional.of("the check itself failed with " + e.getClass().getName());
    }
  }
}
