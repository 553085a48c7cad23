package io.streamfleet.model;

import io.streamfleet.model.Protocol.Action;
import io.streamfleet.model.Protocol.Goal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that a protocol can be in, those that are fewer steps away first; so the first
 * violation found is one with the shortest trace. Then asks of every state whether each goal can
 * still be reached from it without a fault.
 */
public final class Checker {

  /** Beyond this the heap of a test would not do; a model that is larger has to be cut down. */
  private static final int MOST_STATES = 3_000_000;

  private final Protocol protocol;
  private final StateTable states = new StateTable();

  /** The state from which each was reached first. */
  private int[] parents = new int[1 << 16];

  /** The protocol's own steps, of one state after the other, and where those of each begin. */
  private int[] steps = new int[1 << 18];

  private int[] firstStep = new int[1 << 16];
  private int stepCount;

  private Checker(Protocol protocol) {
    this.protocol = protocol;
  }

  /**
   * What came of it.
   *
   * @param states visited
   * @param depth steps to the state that is farthest away
   */
  public record Result(int states, int depth, Optional<Violation> violation) {}

  /**
   * A rule that is broken.
   *
   * @param trace a shortest way there
   */
  public record Violation(String rule, List<String> trace) {

    @Override
    public String toString() {
      return rule + "\n  " + String.join("\n  ", trace);
    }
  }

  /** Visits all states, or those until a rule is broken. */
  public static Result check(Protocol protocol) {
    return new Checker(protocol).run();
  }

  private Result run() {
    add(protocol.initial(), -1);
    int depth = 0;
    int endOfLevel = states.size();
    for (int at = 0; at < states.size(); at++) {
      if (at == endOfLevel) {
        depth++;
        endOfLevel = states.size();
      }
      if (states.size() > MOST_STATES) {
        throw new IllegalStateException("more than " + MOST_STATES + " states");
      }
      Visit visit = new Visit(at);
      firstStep = room(firstStep, at + 1);
      firstStep[at] = stepCount;
      protocol.steps(states.get(at), visit);
      if (visit.action != null) {
        return new Result(
            states.size(), depth, Optional.of(violation(at, visit.action, visit.rule)));
      }
    }
    firstStep = room(firstStep, states.size() + 1);
    firstStep[states.size()] = stepCount;
    return new Result(states.size(), depth, missedGoal());
  }

  /** The number of a state; who reached it first is its parent. */
  private int add(byte[] state, int parent) {
    int before = states.size();
    int number = states.add(state);
    if (number == before) {
      parents = room(parents, number);
      parents[number] = parent;
    }
    return number;
  }

  private static int[] room(int[] array, int needed) {
    return array.length > needed ? array : Arrays.copyOf(array, Math.max(needed, array.length * 2));
  }

  /** Collects the states that follow one. */
  private final class Visit implements Protocol.Steps {

    private final int from;
    private @Nullable Action action;
    private String rule = "";

    Visit(int from) {
      this.from = from;
    }

    @Override
    public void step(Action what, byte[] next) {
      int to = add(next, from);
      steps = room(steps, stepCount + 1);
      steps[stepCount++] = to;
    }

    @Override
    public void fault(Action what, byte[] next) {
      add(next, from);
    }

    @Override
    public void violation(Action what, String broken) {
      if (action == null) {
        action = what;
        rule = broken;
      }
    }
  }

  private Optional<Violation> missedGoal() {
    for (Goal goal : protocol.goals()) {
      int lost = reaching(goal).nextClearBit(0);
      if (lost < states.size()) {
        return Optional.of(new Violation(goal.missed(), traceTo(lost)));
      }
    }
    return Optional.empty();
  }

  /** All states from which the goal can be reached: walks back from it. */
  private BitSet reaching(Goal goal) {
    int[] sources = new int[stepCount];
    int[] first = new int[states.size() + 2];
    for (int i = 0; i < stepCount; i++) {
      first[steps[i] + 2]++;
    }
    for (int i = 2; i < first.length; i++) {
      first[i] += first[i - 1];
    }
    for (int from = 0; from < states.size(); from++) {
      for (int i = firstStep[from]; i < firstStep[from + 1]; i++) {
        sources[first[steps[i] + 1]++] = from;
      }
    }
    BitSet reaching = new BitSet(states.size());
    ArrayDeque<Integer> open = new ArrayDeque<>();
    for (int i = 0; i < states.size(); i++) {
      if (goal.isReached(states.get(i))) {
        reaching.set(i);
        open.add(i);
      }
    }
    while (!open.isEmpty()) {
      int to = open.remove();
      for (int i = first[to]; i < first[to + 1]; i++) {
        if (!reaching.get(sources[i])) {
          reaching.set(sources[i]);
          open.add(sources[i]);
        }
      }
    }
    return reaching;
  }

  private Violation violation(int at, Action last, String rule) {
    List<String> trace = traceTo(at);
    trace.add(last.toString());
    return new Violation(rule, trace);
  }

  /** Goes back by the parents, and asks the protocol once more what led from each to the next. */
  private List<String> traceTo(int state) {
    List<String> trace = new ArrayList<>();
    for (int at = state; parents[at] >= 0; at = parents[at]) {
      trace.add(actionBetween(states.get(parents[at]), states.get(at)));
    }
    Collections.reverse(trace);
    return trace;
  }

  private String actionBetween(byte[] from, byte[] to) {
    List<String> found = new ArrayList<>();
    protocol.steps(
        from,
        new Protocol.Steps() {
          @Override
          public void step(Action action, byte[] next) {
            if (Arrays.equals(next, to)) {
              found.add(action.toString());
            }
          }

          @Override
          public void fault(Action action, byte[] next) {
            step(action, next);
          }

          @Override
          public void violation(Action action, String rule) {
            // None on the way to a state that was visited.
          }
        });
    return found.getFirst();
  }
}
