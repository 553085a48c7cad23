package io.streamfleet.torture.testbed;

import io.streamfleet.embedded.FaultyLink;
import io.streamfleet.kubelet.PodProcess;
import io.streamfleet.local.fleet.FleetPod;
import io.streamfleet.local.fleet.LocalFleet;
import io.streamfleet.torture.evidence.Incident;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Workers managed by the real operator: pods of one StreamConsumerGroup, whose names in Redis it
 * cleans up itself. The pods' processes run on this machine, so that faults can be applied to them.
 */
final class OperatedWorkers implements Workers {

  private static final String NAMESPACE = "default";
  private static final String NAME = "torture";

  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  private final Journal journal;
  private final RedisPlace redis;
  private final HandlerServer handler;
  private final LocalFleet fleet;
  private final FaultyLink toApi;
  private final PodLives lives;
  private final ReentrantLock operatorIsHurt = new ReentrantLock();
  private final ReentrantLock rolling = new ReentrantLock();
  // Guarded by this.
  private Manifest manifest;
  private int wanted;

  OperatedWorkers(
      Journal journal,
      RedisPlace redis,
      HandlerServer handler,
      Manifest manifest,
      LocalFleet fleet,
      FaultyLink toApi) {
    this.journal = journal;
    this.redis = redis;
    this.handler = handler;
    this.manifest = manifest;
    this.fleet = fleet;
    this.toApi = toApi;
    this.lives = new PodLives(journal);
    fleet.listen(lives);
  }

  /** The first call applies the resource, later ones change its replicas. */
  @Override
  public synchronized void scale(int workers) {
    wanted = workers;
    if (fleet.resource(NAMESPACE, NAME).isEmpty()) {
      apply();
    } else {
      fleet.scale(NAMESPACE, NAME, workers);
    }
  }

  private void apply() {
    fleet.apply(
        """
        apiVersion: streamfleet.io/v1alpha1
        kind: StreamConsumerGroup
        metadata: {name: %s, namespace: %s}
        spec:
        """
                .formatted(NAME, NAMESPACE)
            + manifest.text(redis.url(), redis.isCluster(), handler.url(), wanted).indent(2));
  }

  @Override
  public List<String> living() {
    return pods().stream().filter(it -> !it.isTerminating()).map(FleetPod::name).toList();
  }

  @Override
  public List<String> consuming() {
    return pods().stream()
        .filter(it -> it.ready() && !it.isTerminating())
        .map(FleetPod::name)
        .toList();
  }

  private List<FleetPod> pods() {
    return fleet.workers(NAME);
  }

  @Override
  public boolean awaitReady(Duration timeout) throws InterruptedException {
    return await(this::isReady, timeout);
  }

  private synchronized boolean isReady() {
    List<FleetPod> pods = pods();
    return pods.size() == wanted && pods.stream().allMatch(it -> it.ready() && !it.isTerminating());
  }

  private boolean await(BooleanSupplier condition, Duration timeout) throws InterruptedException {
    long deadline = journal.now() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (journal.now() > deadline) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
    }
    return true;
  }

  /**
   * SIGKILL to the process of a pod, which is restarted under its name; or, to prevent that, its
   * pod is deleted as well, as on the loss of a node.
   */
  @Override
  public boolean kill(String worker, boolean helped) {
    try {
      PodProcess process = fleet.process(NAMESPACE, worker);
      if (!lives.killing(worker)) {
        return false;
      }
      if (helped) {
        process.kill();
      } else {
        process.crash();
        fleet.deletePod(NAMESPACE, worker, true);
      }
      return true;
    } catch (NoSuchElementException e) {
      return false;
    }
  }

  /** The pod is deleted. */
  @Override
  public boolean terminate(String worker) {
    if (!living().contains(worker)) {
      return false;
    }
    fleet.deletePod(NAMESPACE, worker, false);
    return true;
  }

  @Override
  public boolean freeze(String worker) {
    return signal(worker, "STOP");
  }

  @Override
  public void thaw(String worker) {
    signal(worker, "CONT");
  }

  private boolean signal(String worker, String signal) {
    try {
      OptionalLong pid = fleet.process(NAMESPACE, worker).pid();
      return pid.isPresent() && Signals.send(signal, pid.getAsLong());
    } catch (NoSuchElementException e) {
      return false;
    }
  }

  @Override
  public Optional<FaultyLink> link(String worker) {
    return Optional.empty();
  }

  @Override
  public boolean allConnected() {
    return true;
  }

  /**
   * By a change of the spec, which the Deployment rolls out. One change at a time: two changes that
   * the operator sees together may cancel each other.
   */
  @Override
  public void roll(Duration timeout) throws InterruptedException {
    rolling.lockInterruptibly();
    try {
      rollOnce(timeout);
    } finally {
      rolling.unlock();
    }
  }

  private void rollOnce(Duration timeout) throws InterruptedException {
    Set<String> old;
    synchronized (this) {
      old = pods().stream().map(FleetPod::name).collect(Collectors.toSet());
      manifest = manifest.changed();
      apply();
    }
    if (!awaitOperator(() -> pods().stream().noneMatch(it -> old.contains(it.name())), timeout)) {
      throw new IllegalStateException("not all workers have been replaced");
    }
  }

  /**
   * Waits for something that only the operator does; the timeout starts again whenever the operator
   * restarts.
   */
  private boolean awaitOperator(BooleanSupplier condition, Duration timeout)
      throws InterruptedException {
    long since = journal.now();
    while (!condition.getAsBoolean()) {
      if (operatorIsHurt.isLocked()) {
        since = journal.now();
      } else if (journal.now() - since > timeout.toNanos()) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(POLL_INTERVAL.toNanos());
    }
    return true;
  }

  /** SIGKILL to the operator; returns when it is ready again. */
  void killOperator(Duration timeout) throws InterruptedException {
    operatorIsHurt.lockInterruptibly();
    try {
      if (!await(() -> fleet.operator().ready(), timeout)) {
        throw new IllegalStateException("there is no operator that could be killed");
      }
      long from = journal.now();
      FleetPod operator = fleet.operator();
      lives.killing(operator.name());
      fleet.process(operator.namespace(), operator.name()).kill();
      if (!await(() -> isBack(operator), timeout)) {
        throw new IllegalStateException("the operator does not come back");
      }
      journal.add(Incident.Kind.OPERATOR, operator.name(), from, "was killed");
    } finally {
      operatorIsHurt.unlock();
    }
  }

  private boolean isBack(FleetPod before) {
    FleetPod now = fleet.operator();
    return now.restarts() > before.restarts() && now.ready();
  }

  /** The operator cannot reach the API server for a while. */
  void cutApi(Duration length) throws InterruptedException {
    String operator = fleet.operator().name();
    long from = journal.now();
    toApi.cut();
    try {
      TimeUnit.NANOSECONDS.sleep(length.toNanos());
    } finally {
      toApi.restore();
      journal.add(Incident.Kind.API, operator, from, "was out of the operator's reach");
    }
  }

  /** Leaves the names of dead workers to the operator. */
  @Override
  public boolean end(BooleanSupplier namesAreGone, Duration timeout) throws InterruptedException {
    scale(0);
    return await(() -> pods().isEmpty(), timeout) && await(namesAreGone, timeout);
  }

  @Override
  public void close() {
    fleet.close();
    toApi.close();
  }
}
