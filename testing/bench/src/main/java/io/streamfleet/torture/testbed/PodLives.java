package io.streamfleet.torture.testbed;

import io.streamfleet.kubelet.PodProcess;
import io.streamfleet.kubelet.ProcessListener;
import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.torture.evidence.Departure;
import io.streamfleet.torture.evidence.Departure.Why;
import io.streamfleet.torture.evidence.Incident;
import java.util.HashMap;
import java.util.Map;

/** Records how the processes of pods exit. Thread-safe. */
final class PodLives implements ProcessListener {

  /**
   * One process.
   *
   * @param saidBefore the length of the log of the pod's previous processes
   * @param told when it got SIGTERM, or -1
   * @param killed when we killed it, or -1
   */
  private record Life(int saidBefore, long told, long killed) {

    long end() {
      return told < 0 || killed < 0 ? Math.max(told, killed) : Math.min(told, killed);
    }

    Why why() {
      return killed >= 0 ? Why.KILLED : told >= 0 ? Why.ASKED : Why.BY_ITSELF;
    }
  }

  private final Journal journal;
  private final Map<String, Life> lives = new HashMap<>();

  PodLives(Journal journal) {
    this.journal = journal;
  }

  @Override
  public synchronized void started(PodProcess pod) {
    lives.put(pod.name(), new Life(pod.said().length(), -1, -1));
  }

  @Override
  public synchronized void toldToEnd(PodProcess pod) {
    lives.computeIfPresent(
        pod.name(), (name, it) -> new Life(it.saidBefore(), journal.now(), it.killed()));
  }

  /** We are about to kill a process; returns whether there is one. */
  synchronized boolean killing(String pod) {
    return lives.computeIfPresent(
            pod, (name, it) -> new Life(it.saidBefore(), it.told(), journal.now()))
        != null;
  }

  @Override
  public synchronized void ended(PodProcess pod, int status) {
    Life life = lives.remove(pod.name());
    if (life == null) {
      // It started before this listener did.
      return;
    }
    long from = life.why() == Why.BY_ITSELF ? journal.now() : life.end();
    boolean operator = pod.namespace().equals(LocalFleet.OPERATOR_NAMESPACE);
    journal.add(
        new Departure(pod.name(), life.why(), status, consumed(pod, life), from, journal.now()));
    if (!operator && life.why() != Why.BY_ITSELF) {
      Incident.Kind kind =
          life.why() == Why.KILLED ? Incident.Kind.KILLED : Incident.Kind.TERMINATED;
      journal.add(kind, pod.name(), from, "ended with " + status);
    }
  }

  private static boolean consumed(PodProcess pod, Life life) {
    String said = pod.said();
    // A log shorter than before was rotated, which happens to long-lived processes.
    return said.length() < life.saidBefore()
        || said.indexOf("msg=consuming", life.saidBefore()) >= 0;
  }
}
