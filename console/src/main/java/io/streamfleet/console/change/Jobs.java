package io.streamfleet.console.change;

import io.streamfleet.commands.deadletter.DeadLetterFilter;
import io.streamfleet.console.access.Caller;
import io.streamfleet.console.change.Audit.Change;
import io.streamfleet.console.cluster.FleetKey;
import io.streamfleet.console.cluster.FleetResource;
import io.streamfleet.console.look.DeadLetters;
import io.streamfleet.console.look.FleetLink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Replays and purges that run or have ended. Thread-safe. */
public final class Jobs implements AutoCloseable {

  /** Those that have ended are remembered until so many newer ones were started. */
  private static final int REMEMBERED = 100;

  /** Together: each keeps Redis busy for about half of the time. */
  private static final int AT_ONCE = 4;

  /** At close: a page of 100 letters takes milliseconds. */
  private static final long CLOSE_SECONDS = 5;

  private final Audit audit;
  private final DeadLetters letters;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("job-", 0).factory());
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<String, Job> jobs = new LinkedHashMap<>();

  /**
   * @param letters is told when letters have changed
   */
  public Jobs(Audit audit, DeadLetters letters) {
    this.audit = audit;
    this.letters = letters;
  }

  /**
   * Starts one.
   *
   * @throws Refused if the fleet has one already, or too many others run
   */
  public Job start(
      Caller caller,
      FleetResource resource,
      FleetLink fleet,
      Job.Kind kind,
      DeadLetterFilter filter,
      boolean rehearsal) {
    Job job =
        new Job(
            new Job.Order(
                UUID.randomUUID().toString(), fleet.key(), caller.user(), kind, filter, rehearsal));
    admit(job);
    try {
      if (!rehearsal) {
        audit.begin(caller, resource, change(kind), "begins to " + told(kind, filter));
      }
    } catch (RuntimeException e) {
      forget(job);
      throw e;
    }
    threads.execute(
        () -> {
          job.run(fleet);
          if (!rehearsal) {
            letters.changed();
            audit.end(caller, resource, change(kind), job.told());
          }
        });
    return job;
  }

  private static Change change(Job.Kind kind) {
    return kind == Job.Kind.REPLAY ? Change.ConsoleReplay : Change.ConsolePurge;
  }

  /** Without the texts of errors, which may hold anything. */
  private static String told(Job.Kind kind, DeadLetterFilter filter) {
    StringBuilder told =
        new StringBuilder(kind == Job.Kind.REPLAY ? "replay" : "purge").append(" dead letters");
    if (filter.isEmpty()) {
      return told.append(", all of them").toString();
    }
    if (!filter.ids().isEmpty()) {
      told.append(", ").append(filter.ids().size()).append(" by their ids");
    }
    if (!filter.reasons().isEmpty()) {
      told.append(", of reason ").append(String.join(" or ", filter.reasons()));
    }
    if (!filter.causes().isEmpty()) {
      told.append(", of one error");
    }
    if (!filter.streams().isEmpty()) {
      told.append(", of stream ").append(String.join(" or ", filter.streams()));
    }
    if (!filter.channels().isEmpty()) {
      told.append(", of one channel");
    }
    filter.newerThan().ifPresent(age -> told.append(", newer than ").append(age));
    return told.toString();
  }

  private void admit(Job job) {
    lock.lock();
    try {
      long running = jobs.values().stream().filter(it -> !it.isDone()).count();
      boolean busy =
          jobs.values().stream()
              .anyMatch(it -> !it.isDone() && it.order().fleet().equals(job.order().fleet()));
      if (busy) {
        throw new Refused("this fleet has a replay or purge that has not ended yet");
      }
      if (running >= AT_ONCE) {
        throw new Refused("other replays and purges have not ended yet; try again later");
      }
      var oldest = jobs.values().iterator();
      while (jobs.size() >= REMEMBERED && oldest.hasNext()) {
        if (oldest.next().isDone()) {
          oldest.remove();
        }
      }
      jobs.put(job.order().id(), job);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Job job) {
    lock.lock();
    try {
      jobs.remove(job.order().id());
    } finally {
      lock.unlock();
    }
  }

  /** A job of a fleet. */
  public Optional<Job> job(FleetKey fleet, String id) {
    lock.lock();
    try {
      return Optional.ofNullable(jobs.get(id)).filter(it -> it.order().fleet().equals(fleet));
    } finally {
      lock.unlock();
    }
  }

  /** Ends one after the page that it is at. */
  public void stop(Job job) {
    job.stop();
  }

  /** Ends those that run. */
  @Override
  public void close() {
    lock.lock();
    try {
      jobs.values().forEach(Job::stop);
    } finally {
      lock.unlock();
    }
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
