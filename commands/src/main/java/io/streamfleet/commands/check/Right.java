package io.streamfleet.commands.check;

import io.streamfleet.api.ControlSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.NoticeChannels;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A command that a worker runs, with a key or channel of the fleet in it.
 *
 * @param words the command, as it is sent
 * @param needed whether nothing works without
 * @param without what is so without it
 */
record Right(List<String> words, boolean needed, String without) {

  /** As an ACL names it: {@code +xgroup|create}. */
  String rule() {
    String name = words.getFirst().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "xgroup", "client", "pubsub", "xinfo" ->
          "+" + name + "|" + words.get(1).toLowerCase(Locale.ROOT);
      default -> "+" + name;
    };
  }

  /** The key or channel that it is about. */
  String subject() {
    return switch (words.getFirst()) {
      case "XGROUP", "XINFO" -> words.get(2);
      case "XREADGROUP" -> words.get(words.indexOf("STREAMS") + 1);
      case "PING", "INFO", "TIME", "CLIENT" -> "";
      case "PUBSUB" -> words.get(2);
      default -> words.get(1);
    };
  }

  /** All that the workers of a manifest use. */
  static List<Right> of(Link link, StreamConsumerGroupSpec spec) {
    List<Right> all = new ArrayList<>();
    String letters = spec.deadLetter().stream();
    for (ReadStream read : ReadStream.of(spec)) {
      ofStream(all, read);
    }
    needed(all, "dead letters cannot be written: what cannot be handled stays pending")
        .of("XADD", letters, "*", "data", "");
    useful(all, "dead letters cannot be listed or replayed").of("XRANGE", letters, "-", "+");
    useful(all, "dead letters cannot be replayed or purged").of("XDEL", letters, "0-1");
    if (spec.trace().enabled()) {
      String trace = spec.trace().keyTemplate().replace("{trace_id}", "check");
      useful(all, "traces are not written").of("HSET", trace, "state", "");
      useful(all, "traces are not written").of("PEXPIREAT", trace, "0");
      useful(all, "traces are not written").of("SADD", spec.trace().activeSet(), "");
    }
    control(all, link, spec.control());
    useful(all, "clocks cannot be compared").of("TIME");
    useful(all, "version and persistence cannot be looked at").of("INFO");
    useful(all, "a drain waits for the current read to end").of("CLIENT", "UNBLOCK", "0");
    return all;
  }

  private static void ofStream(List<Right> all, ReadStream read) {
    String stream = read.stream();
    String group = read.group().group();
    String idle = "nothing is read";
    needed(all, idle).of("XREADGROUP", "GROUP", group, "c", "COUNT", "1", "STREAMS", stream, ">");
    needed(all, "nothing is ever acknowledged").of("XACK", stream, group, "0-1");
    needed(all, "nothing is renewed or handed over")
        .of("XCLAIM", stream, group, "c", "0", "0-1", "JUSTID");
    needed(all, "what a dead worker had is claimed by nobody")
        .of("XAUTOCLAIM", stream, group, "c", "0", "0");
    needed(all, "workers cannot tell what is theirs").of("XPENDING", stream, group);
    needed(all, "payloads of entries that are pending cannot be fetched")
        .of("XRANGE", stream, "-", "+");
    needed(all, "a group that is missing is not made").of("XGROUP", "CREATE", stream, group, "0");
    useful(all, "names of workers that are gone stay in the group")
        .of("XGROUP", "DELCONSUMER", stream, group, "c");
    useful(all, "gauges are missing, and where a lost group goes on is a guess")
        .of("XINFO", "GROUPS", stream);
    useful(all, "which workers live cannot be told").of("XINFO", "CONSUMERS", stream, group);
    useful(all, "the length of the stream cannot be told").of("XLEN", stream);
    useful(all, "what a failed emission appended cannot be taken back").of("XDEL", stream, "0-1");
    if (read.hasLocks()) {
      String lock = read.lockKey("check", Optional.empty());
      needed(all, "no channel can be locked").of("SET", lock, "", "NX", "PX", "1");
      needed(all, "no channel's lock can be renewed").of("PEXPIRE", lock, "1");
      needed(all, "no channel's lock can be looked at").of("GET", lock);
      needed(all, "no channel's lock can be released").of("DEL", lock);
    }
  }

  private static void control(List<Right> all, Link link, ControlSpec control) {
    String cancel = link.channel(control.cancelChannel());
    String notices = NoticeChannels.of(link, control.noticePrefix()).prefix() + ":check";
    needed(all, "workers do not start: they hear no notices").of("SUBSCRIBE", cancel, notices);
    needed(all, "entries are handed to nobody").of("PUBLISH", notices, "");
    useful(all, "`cancel` reaches nobody").of("PUBLISH", cancel, "");
    useful(all, "whether a name is in use cannot be told").of("PUBSUB", "NUMSUB", notices);
  }

  private interface Adding {
    void of(String... words);
  }

  private static Adding needed(List<Right> all, String without) {
    return words -> all.add(new Right(List.of(words), true, without));
  }

  private static Adding useful(List<Right> all, String without) {
    return words -> all.add(new Right(List.of(words), false, without));
  }
}
