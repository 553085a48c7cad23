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
 * Sends dead letters back to the streams they were read from, in the order in which they died. Each
 * becomes a new entry, whose attempts begin at one.
 *
 * <p>Where both streams may be used by one script, append and deletion are one step. In a Cluster
 * where they may not, the append leaves a mark beside the entry in one step, then the letter is
 * deleted, then the mark is left to expire. A crash between leaves letter and mark; the next replay
 * finds the mark and only deletes.
 */
public final class Replay {

  private static final Script REPLAY = Script.beside(Replay.class, "replay.lua");
  private static final Script APPEND_ONCE = Script.beside(Replay.class, "append_once.lua");

  /**
   * How long a half-done replay is remembered: somebody who saw it fail comes back within a month.
   */
  private static final Duration HALF_DONE = Duration.ofDays(30);

  /**
   * How long a finished one is remembered: longer than another replay can take from reading a
   * letter to appending it, which is a moment, even if its machine sleeps over lunch.
   */
  private static final Duration DONE = Duration.ofHours(2);

  private final Link link;
  private final DeadLetterStream letters;
  private final DeclaredStreams known;
  private final Set<String> named;
  private boolean warm;

  /**
   * @param named streams that the manifest need not declare, because a person named them
   */
  public Replay(Link link, DeadLetterStream letters, DeclaredStreams known, Set<String> named) {
    this.link = link;
    this.letters = letters;
    this.known = known;
    this.named = Set.copyOf(named);
  }

  /** What became of a letter. */
  public sealed interface Outcome {}

  /** It is an entry again, of this id. */
  public record Replayed(String entry) implements Outcome {}

  /** Somebody else replayed or deleted it meanwhile. */
  public record Gone() implements Outcome {}

  /** It stays where it is, and why. */
  public record Refused(String why) implements Outcome {}

  private record Call(DeadLetter letter, String stream, CompletableFuture<List<Object>> reply) {}

  /** Why a letter cannot be replayed; empty when it can. */
  public Optional<String> refusal(DeadLetter letter) {
    Optional<String> stream = letter.text(DeadLetter.ORIGINAL_STREAM);
    if (stream.isEmpty()) {
      return Optional.of("does not say which stream it was read from");
    }
    if (letter.payload().length == 0) {
      return Optional.of("has no payload: nothing is left that could be handled; purge it");
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
   * Replays letters in the order given. What was done before a failure stays done, and is told.
   *
   * @param then hears of each letter
   * @throws io.lettuce.core.RedisException when Redis fails; letters not told of are where they
   *     were, or replayed without our having heard of it
   */
  public void replay(List<DeadLetter> page, BiConsumer<DeadLetter, Outcome> then) {
    List<Call> calls = new ArrayList<>();
    for (DeadLetter letter : page) {
      Optional<String> refusal = refusal(letter);
      if (refusal.isPresent()) {
        then.accept(letter, new Refused(refusal.get()));
        continue;
      }
      String stream = letter.text(DeadLetter.ORIGINAL_STREAM).orElseThrow();
      if (!link.shareSlot(List.of(letters.key(), stream))) {
        then.accept(letter, inTwoSteps(letter.id(), stream));
        continue;
      }
      Call call = new Call(letter, stream, inOneStep(letter.id(), stream));
      if (!warm || link.isCluster()) {
        // Until Redis knows the script a call is sent twice, and in a Cluster while slots move:
        // pipelined ones would overtake each other.
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
    // Read again: what was on the page may have been purged since.
    Optional<DeadLetter> letter = letters.letter(id);
    if (letter.isEmpty()) {
      return new Gone();
    }
    Optional<String> place = mark(stream, id);
    if (place.isEmpty()) {
      return new Refused(
          "was read from "
              + stream
              + ", in whose slot of the cluster no mark can be kept because of the braces in its"
              + " name");
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

  /** A stream's own trouble is a refusal; a full or forbidding server fails the whole run. */
  private static Outcome refusedBy(RedisCommandExecutionException e, String stream) {
    String message = e.getMessage();
    if (message != null && message.contains("WRONGTYPE")) {
      return new Refused("was read from " + stream + ", which is no stream any more");
    }
    throw e;
  }

  private static boolean isOne(List<Object> reply) {
    return reply.getFirst() instanceof Long one && one == 1;
  }
}
