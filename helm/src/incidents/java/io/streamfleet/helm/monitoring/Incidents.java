package io.streamfleet.helm.monitoring;

import static io.streamfleet.helm.monitoring.Incident.ONE_WORKER;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What fleets go through beside each other, each on its own. */
final class Incidents {

  /** The fleet that nothing happens to. */
  static final String WELL = "well";

  /** The fleet that somebody has paused. */
  static final String PAUSED = "paused";

  /** Not before a worker has been seen by Prometheus: nobody could tell that something is new. */
  private static final int SEEN = 20;

  /**
   * Three quarters of a minute: long enough for a kubelet here to take the restart for the first
   * one, and short enough for three of them within the hour that a rule looks at.
   */
  private static final int LONG = 90;

  /** A worker is replaced: its start is not hurried, and takes longer on a busy machine. */
  private static final String[] STARTS_SLOWLY = {"StreamfleetNoWorkers", "StreamfleetWorkerDown"};

  private static final String ONLY = "incidents.only";

  private static final String HANDLER_LOG =
      "kubectl logs -n $NS -l streamfleet.io/group=$FLEET -c worker --tail=500 | grep";

  static final List<Incident> ALL =
      List.of(
          Incident.of(WELL, "ok", ONE_WORKER, (s, f, turn) -> s.publish(f, 2, 2)),
          Incident.of(
              PAUSED,
              "ok",
              ONE_WORKER,
              (s, f, turn) -> {
                if (turn == 0) {
                  s.pause(f);
                }
                s.publish(f, 5, 5);
              }),
          Incident.of("endpoint-away", "away", ONE_WORKER, (s, f, turn) -> s.publish(f, 4, 4))
              .raises("StreamfleetHandlerUnavailable", HANDLER_LOG, "cause=unavailable.*refused")
              .shows("HandlersAvailable=False (EndpointUnavailable)"),
          Incident.of("answers-500", "fail", ONE_WORKER, (s, f, turn) -> s.publish(f, 4, 4))
              .raises("StreamfleetHandlerUnavailable", HANDLER_LOG, "cause=failing.*500")
              .shows("HandlersAvailable=False (EndpointUnavailable)")
              // The probe of each minute uses up an attempt.
              .mayRaise("StreamfleetDeadLetters"),
          Incident.of("a-third-fails", "third", ONE_WORKER, (s, f, turn) -> s.publish(f, 3, 3))
              .raises("StreamfleetHandlerFailing", HANDLER_LOG, "channel=a-third-fails-0 .*500")
              .raises("StreamfleetDeadLetters", "dlq list --newer-than 1h", "max_attempts")
              .raises("StreamfleetRetriesHigh", HANDLER_LOG, "channel=a-third-fails-0 .*500")
              .raises("StreamfleetDeadLettersFull", "dlq list --newer-than 24h", "max_attempts"),
          Incident.of("kills-its-handler", "kill", ONE_WORKER, (s, f, turn) -> s.publish(f, 5, 5))
              .raises(
                  "StreamfleetSuspectsTried",
                  "dlq list --reason killed_endpoint",
                  "killed_endpoint")
              .mayRaise(
                  "StreamfleetDeadLetters",
                  "StreamfleetDeadLettersFull",
                  "StreamfleetHandlerUnavailable"),
          Incident.of(
                  "poison",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    if (turn == SEEN) {
                      s.redis().xadd(f + ":in", Map.of("data", "\u0001", "ts", "1"));
                    }
                  })
              .raises("StreamfleetDeadLetters", "dlq show $LETTER_ID", "undecodable"),
          Incident.of(
                  "one-call-hangs",
                  "hang",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.publish(f, 1, 1);
                    }
                  })
              .raises("StreamfleetPendingTooOld", "redis GET", "^one-call-hangs-worker-[^/ ]+/"),
          Incident.of(
                  "all-calls-hang",
                  "hang",
                  ONE_WORKER + "\nread: {maxInFlight: 4}",
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.publish(f, 60, 60);
                    }
                  })
              .raises("StreamfleetConsumerStuck", "redis XPENDING $STREAM $GROUP", "\\A4$")
              .raises("StreamfleetPendingTooOld", "redis GET", "^all-calls-hang-worker-[^/ ]+/"),
          Incident.of(
                  "too-slow",
                  "slow",
                  ONE_WORKER + "\nread: {maxInFlight: 8}",
                  (s, f, turn) -> s.publish(f, 20, 20))
              .raises("StreamfleetBacklogGrowing", "redis XINFO GROUPS", "^lag\n\\d{3,}$")
              .raises("StreamfleetBacklogSlow", "redis XINFO GROUPS", "^lag\n\\d{3,}$"),
          Incident.of(
                  "crashes",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    s.killWorkers(f);
                  })
              .raises("StreamfleetWorkerDown", "kubectl describe pod/$POD", "Exit Code: +137")
              .mayRaise(
                  "StreamfleetNoWorkers",
                  "StreamfleetResourceNotReady",
                  "StreamfleetWorkerRestarts"),
          Incident.of(
                  "restarts",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    if (turn % LONG == LONG - 1) {
                      s.killWorkers(f);
                    }
                  })
              .raises("StreamfleetWorkerRestarts", "kubectl get pod/$POD", "\"exitCode\": ?137")
              .mayRaise(STARTS_SLOWLY),
          Incident.of(
                  "bad-lock",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.redis().hset("sg:lock:channel:" + f + "-1", "owner", "somebody");
                    }
                    s.publish(f, 2, 2);
                  })
              .raises("StreamfleetChannelsRefused", "redis TYPE $KEY", "^hash$")
              .mayRaise("StreamfleetPendingTooOld"),
          Incident.of(
                  "dead-letters-refused",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    if (turn == SEEN) {
                      s.redis().set(f + ":dlq", "not a stream");
                      for (int i = 0; i < 20; i++) {
                        s.redis().xadd(f + ":in", Map.of("data", "\u0001", "ts", "1"));
                      }
                    }
                  })
              .raises("StreamfleetRedisErrors", "kubectl logs", "calls to Redis fail.*WRONGTYPE")
              .mayRaise(
                  "StreamfleetWorkerNotReady",
                  "StreamfleetNoWorkers",
                  "StreamfleetResourceNotReady",
                  "StreamfleetPendingTooOld"),
          Incident.of(
                  "input-is-no-stream",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    if (turn == SEEN) {
                      s.makeHash(f + ":in");
                    }
                  })
              .raises("StreamfleetWorkerNotReady", "kubectl logs", "WRONGTYPE")
              .raises("StreamfleetNoWorkers", "kubectl describe scg/$FLEET", "0 of 1 workers")
              .shows("WorkersAvailable=False")
              .raises(
                  "StreamfleetResourceNotReady", "kubectl describe scg/$FLEET", "0 of 1 workers")
              .mayRaise("StreamfleetRedisErrors"),
          Incident.of(
                  "roll-out-is-stuck",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    if (turn == SEEN) {
                      s.makeHash(f + ":more");
                      s.readMore(f);
                    }
                  })
              .raises(
                  "StreamfleetSettingsDiffer",
                  "kubectl rollout status",
                  "(?i)waiting for deployment")
              .shows("a change is being rolled out")
              .raises("StreamfleetResourceNotReady", "kubectl describe scg/$FLEET", "rolled out")
              .raises("StreamfleetWorkerNotReady", "kubectl logs", "WRONGTYPE")
              .mayRaise("StreamfleetRedisErrors"),
          Incident.of(
                  "cut-off",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    if (turn == SEEN) {
                      s.cutOff(f);
                    }
                    s.goOn(f);
                  })
              .raises(
                  "StreamfleetConsumerNamesLeft",
                  "redis CLIENT LIST | grep name=streamfleet:$NAME",
                  "name=streamfleet:cut-off-worker-")
              .mayRaise(STARTS_SLOWLY),
          Incident.of(
                  "partition-is-held",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    s.holdPartition(f, "nobody-knows");
                    if (turn == 0) {
                      s.partition(f);
                    }
                  })
              .raises("StreamfleetPartitionWaits", "redis HGETALL", "nobody-knows")
              .mayRaise(STARTS_SLOWLY),
          Incident.of(
                  "scaled-to-zero",
                  "ok",
                  "workers: {replicas: 0}",
                  (s, f, turn) -> s.publish(f, 1, 1))
              .raises(
                  "StreamfleetBacklogWithoutWorkers",
                  "kubectl get scg/$FLEET -n $NS -o jsonpath='{.spec.workers.replicas}",
                  "^0 "),
          Incident.of(
                  "trimmed-unread",
                  "slow",
                  ONE_WORKER + "\nread: {maxInFlight: 2}",
                  (s, f, turn) -> {
                    s.publish(f, 20, 20);
                    s.redis().xtrim(f + ":in", 100);
                  })
              // More than the hundred that are left.
              .raises("StreamfleetUnreadTrimmed", "redis XINFO GROUPS", "^lag\n[1-9]\\d{2,}$")
              .mayRaise(
                  "StreamfleetBacklogGrowing", "StreamfleetBacklogSlow", "StreamfleetMessagesLost"),
          Incident.of(
                  "held-back",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.publishTwoDaysAgo(f);
                      s.group(f, "audit");
                      s.retain(f);
                    }
                    s.publish(f, 1, 1);
                  })
              .raises("StreamfleetStreamHeldBack", "redis XINFO GROUPS", "^audit$")
              .mayRaise(STARTS_SLOWLY),
          Incident.of(
                  "trimmed",
                  "ok",
                  ONE_WORKER,
                  (s, f, turn) -> {
                    s.publish(f, 1, 1);
                    if (turn == SEEN) {
                      s.loseEntries(f, 3);
                    }
                  })
              .raises("StreamfleetMessagesLost", "dlq list --reason payload_lost", "payload_lost"),
          Incident.of(
                  "deleted-unread",
                  "slow",
                  ONE_WORKER + "\nread: {maxInFlight: 1}",
                  (s, f, turn) -> {
                    if (turn == 0) {
                      s.publish(f, 500, 500);
                      s.deleteUnread(f);
                    }
                  })
              .raises("StreamfleetLagUnknown", "redis XINFO GROUPS", "^lag\n(\\(nil\\))?$")
              .mayRaise("StreamfleetBacklogSlow", "StreamfleetBacklogGrowing"));

  /** Alerts without an incident, and why. */
  static final Map<String, String> UNTRIED =
      Map.of(
          "StreamfleetLoopStuck", "a loop that hangs is a bug, which nothing from outside causes",
          "StreamfleetOperatorNotReconciling", "an operator that leads and hangs is a bug",
          "StreamfleetReconcilesWait", "needs more than 16 reconciles that take minutes");

  /**
   * Those that the system property {@value #ONLY} names, with commas between them, and the fleet
   * that is well; all if it names none.
   */
  static List<Incident> chosen() {
    String names = System.getProperty(ONLY, "");
    if (names.isEmpty()) {
      return ALL;
    }
    Set<String> wanted = new TreeSet<>(List.of(names.split(",")));
    wanted.add(WELL);
    List<Incident> chosen = ALL.stream().filter(it -> wanted.remove(it.fleet())).toList();
    if (!wanted.isEmpty()) {
      throw new IllegalArgumentException("there are no incidents " + wanted);
    }
    return chosen;
  }

  private Incidents() {}
}
