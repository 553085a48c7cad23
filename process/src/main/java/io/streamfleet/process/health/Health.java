package io.streamfleet.process.health;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The named checks behind {@code /healthz} and {@code /readyz}. Liveness holds only what a restart
 * would cure; that Redis is away belongs to readiness. Any thread may add, drop and ask.
 */
public final class Health {

  private final ConcurrentMap<String, Check> liveness = new ConcurrentSkipListMap<>();
  private final ConcurrentMap<String, Check> readiness = new ConcurrentSkipListMap<>();

  /**
   * Not being well by this check means that the process is to be restarted.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void requireForLife(String name, Check check) {
    add(liveness, name, check);
  }

  /**
   * Not being well by this check means that the worker is not, or not yet, at work.
   *
   * @throws IllegalArgumentException if the name is taken
   */
  public void requireForReadiness(String name, Check check) {
    add(readiness, name, check);
  }

  /** Drops a check of either kind, such as that of a loop that has ended as it should. */
  public void drop(String name) {
    liveness.remove(name);
    readiness.remove(name);
  }

  /** One line for each failing check, by name; empty when the process is alive and well. */
  public List<String> lifeProblems() {
    return problems(liveness);
  }

  /** One line for each failing check, by name; empty when the worker is at work. */
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
      // Only the class: a message may quote an address with its credentials.
      return Optional.of("the check itself failed with " + e.getClass().getName());
    }
  }
}
