package io.streamfleet.model;

import java.util.List;

/**
 * A protocol as a graph of states. A state is packed into bytes, so that millions of them fit into
 * memory and two of them are equal when their bytes are.
 */
public interface Protocol {

  /** Where it begins. */
  byte[] initial();

  /** Tells all that can happen in a state, each time the same in the same order. */
  void steps(byte[] state, Steps steps);

  /** What must stay within reach of every state by the protocol's own steps, without a fault. */
  List<Goal> goals();

  /** A set of states that the protocol is to come to. */
  interface Goal {

    /** What is said when a state is found from which no path leads here. */
    String missed();

    /** Whether a state is one of them. */
    boolean isReached(byte[] state);
  }

  /** Hears of what can happen in a state. */
  interface Steps {

    /** The protocol itself does something. */
    void step(Action action, byte[] next);

    /** Something happens to it: a death, a pause, a failover. */
    void fault(Action action, byte[] next);

    /** Something happens that a rule forbids. */
    void violation(Action action, String rule);
  }

  /**
   * What happens, and to whom; told in full only when a trace is printed.
   *
   * @param name as of the script that does it
   * @param who the worker, or -1
   * @param what the entry, or -1
   */
  record Action(String name, int who, int what) {

    static Action of(String name) {
      return new Action(name, -1, -1);
    }

    static Action of(String name, int who) {
      return new Action(name, who, -1);
    }

    @Override
    public String toString() {
      return (who < 0 ? "" : (char) ('A' + who) + " ") + name + (what < 0 ? "" : " " + (what + 1));
    }
  }
}
