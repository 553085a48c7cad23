package io.streamfleet.operator.check;

import io.streamfleet.api.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects the problems of one check. Not thread-safe. */
final class Problems {

  private final List<Violation> found = new ArrayList<>();

  void add(String path, String problem) {
    found.add(new Violation(path, problem));
  }

  /** A collection of names that must be unique; {@code taken} are those that the operator uses. */
  Names names(String what, List<String> taken) {
    return new Names(what, Set.copyOf(taken));
  }

  List<Violation> found() {
    return List.copyOf(found);
  }

  /** Names of one kind, each of which may occur once. */
  final class Names {
    private final String what;
    private final Set<String> ours;
    private final Set<String> seen = new HashSet<>();

    private Names(String what, Set<String> ours) {
      this.what = what;
      this.ours = ours;
    }

    void add(String path, String name) {
      if (ours.contains(name)) {
        Problems.this.add(
            path, "the %s %s is the worker's own: choose another".formatted(what, name));
      } else if (!seen.add(name)) {
        Problems.this.add(path, "the %s %s occurs twice: choose another".formatted(what, name));
      }
    }

    boolean has(String name) {
      return ours.contains(name) || seen.contains(name);
    }
  }
}
