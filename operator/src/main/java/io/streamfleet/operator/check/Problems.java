package io.streamfleet.operator.check;

import io.streamfleet.api.Violation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What was found so far. Of one thread, for one check. */
final class Problems {

  private final List<Violation> found = new ArrayList<>();

  void add(String path, String problem) {
    found.add(new Violation(path, problem));
  }

  /** Asks for names that are all different; {@code taken} are those of the operator. */
  Names names(String what, List<String> taken) {
    return new Names(what, Set.copyOf(taken));
  }

  List<Violation> found() {
    return List.copyOf(found);
  }

  /** Names of one kind of thing, which must not occur twice. */
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
