package io.streamfleet.commands.deadletter;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.EntryId;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Replays dead letters: appends them to the streams that they were read from, in the given order.
 * Each becomes a new entry, whose attempts start at one again.
 *
 * <p>If one script can access both streams, it appends the entry and deletes the letter atomically.
 * In a Redis Cluster the two streams can be in different slots. Then one script appends the entry
 * and sets a mark atomically, next to the target stream; afterwards the letter is deleted, and the
 * mark is given a shorter time to live. After a crash in between, letter and mark exist, and the
 * next replay finds the mark and only deletes the letter.
 */
public final class Replay {

  private static final Script REPLAY = Script.beside(Replay.class, "replay.lua");
  private static final Script APPEND_ONCE = Script.beside(Replay.class, "append_once.lua");

  /**
   * The time to live of the mark of an unfinished replay: within a month somebody repeats a replay
   * that failed.
   */
  private static final Duration HALF_DONE = Duration.ofDays(30);

  /**
   * The time to live of the mark after a replay has finished. It must exceed the time that a
   * concurrent replay takes from reading the letter to appending it, which is milliseconds unless
   * its machine is suspended.
   */
  private static final Duration DONE = Duration.ofHours(2);

  private final Link link;
  private final DeadLetterStream letters;
  private final DeclaredStreams known;
  private final Set<String> named;
  private boolean warm;

  /**
   * @param named streams to which letters are replayed even if the manifest does not declare them,
   *     because the user named them
   */
  public Replay(Link link, DeadLetterStream letters, DeclaredStreams known, Set<String> named) {
    this.link = link;
    this.letters = letters;
    this.known = known;
    this.named = Set.copyOf(named);
  }

  /** The result for a letter. */
  public sealed interface Outcome {}

  /** The letter was replayed as the entry with this id. */
  public record Replayed(String entry) implements Outcome {}

  /** The letter was replayed or deleted by somebody else, or by an earlier try. */
  public record Gone() implements Outcome {}

  /** The letter was not replayed, for this reason, and stays in the dead-letter stream. */
  public record Refused(String why) implements Outcome {}

  private record Call(DeadLetter letter, String stream, CompletableFuture<List<Object>> reply) {}

  /** Why a letter can't be replayed; empty if it can. */
  public Optional<String> refusal(DeadLetter letter) {
    Optional<String> stream = letter.text(DeadLetter.ORIGINAL_STREAM);
    if (stream.isEmpty()) {
      return Optional.of("does not say which stream it was read from");
    }
    if (letter.payload().length == 0) {
      return Optional.of("has no payload: there is nothing to handle; purge it");
    }
    if (stream.get().equals(letters.key())) {
      return Optional.of("was read from the dead letters themselves");
    }
    if (!known.declares(stream.get()) && !named.contains(stream.get())) {
      return Optional.of(
          "was read from "
              + stream.get()
              + ", which this manifest does not declare; use the manifest that does, or name the"
              + " stream with --stream");
    }
    return Optional.empty();
  }

  /**
   * Replays letters in the given order. Letters that were replayed before a failure stay replayed.
   *
   * @param then called for each letter with its outcome
   * @throws io.lettuce.core.RedisException if Redis fails; a letter for which {@code then} was not
   *     called is either unchanged, or was replayed but the reply got lost
   */
  public void replay(List<DeadLetter> page, BiConsumer<DeadLetter, Outcome> then) {
    List<Call> calls = new ArrayList<>();
    for (DeadLetter letter : page) {
      Optional<String> refusal = refusal(letter);
      if (refusal.isPresent()) {
        then.accept(letter, new Refused(refusal.get()));
        continue;
      }
      String stream = known.replayedTo(letter.text(DeadLetter.ORIGINAL_STREAM).orElseThrow());
      if (!link.shareSlot(List.of(letters.key(), stream))) {
        then.accept(letter, inTwoSteps(letter.id(), stream));
        continue;
      }
      Call call = new Call(letter, stream, inOneStep(letter.id(), stream));
      if (!warm || link.isCluster()) {
        // A call is sent a second time if Redis does not know the script yet, or if a slot of a
        // cluster moves. Pipelined calls would then overtake each other, so wait for this one.
        then.accept(letter, outcome(call));
        warm = true;
      } else {
        calls.add(call);
      }
    }
    calls.forEach(call -> then.accept(call.letter(), outcome(call)));
  }

  private CompletableFuture<List<Object>> inOneStep(EntryId id, String stream) {
    return link.eval(REPLAY, List.of(letters.key(), stream), args -> args.add(id.toString()));
  }

  private Outcome outcome(Call call) {
    try {
      List<Object> reply =
          RedisReply.of(call.reply(), () -> inOneStep(call.letter().id(), call.stream()));
      return isOne(reply) ? new Replayed(Link.text(reply.get(1))) : new Gone();
    } catch (RedisCommandExecutionException e) {
      return refusedBy(e, call.stream());
    }
  }

  private Outcome inTwoSteps(EntryId id, String stream) {
    // Read the letter again: it may have been purged since its page was read.
    Optional<DeadLetter> letter = letters.letter(id);
    if (letter.isEmpty()) {
      return new Gone();
    }
    Optional<String> place = mark(stream, id);
    if (place.isEmpty()) {
      return new Refused(
          "was read from "
              + stream
              + ": because of the braces in this name, no key for the replay's mark can be put into"
              + " the same slot of the cluster");
    }
    String mark = place.get();
    List<Object> reply;
    try {
      reply =
          RedisReply.of(
              () ->
                  link.eval(
                      APPEND_ONCE,
                      List.of(stream, mark),
                      args -> {
                        args.add(HALF_DONE.toSeconds());
                        letter.get().original().forEach((name, value) -> args.add(name).add(value));
                      }));
    } catch (RedisCommandExecutionException e) {
      return refusedBy(e, stream);
    }
    letters.delete(List.of(id));
    RedisReply.of(
        () -> link.number(CommandType.EXPIRE, Link.args().addKey(mark).add(DONE.toSeconds())));
    return isOne(reply) ? new Replayed(Link.text(reply.get(1))) : new Gone();
  }

  private Optional<String> mark(String stream, EntryId id) {
    return link.beside(stream, ":replayed:" + letters.key() + ":" + id);
  }

  /**
   * Turns an error that concerns only one stream into a refusal.
   *
   * @throws RedisCommandExecutionException any other error, such as a full memory or a missing
   *     right: it would occur for all letters
   */
  private static Outcome refusedBy(RedisCommandExecutionException e, String stream) {
    String message = e.getMessage();
    if (message != null && message.contains("WRONGTYPE")) {
      return new Refused("was read from " + stream + ", which is no longer a stream");
    }
    throw e;
  }

  private static boolean isOne(List<Object> reply) {
    return reply.getFirst() instanceof Long one && one == 1;
  }
}
