package io.streamfleet.commands.check;

import io.streamfleet.api.ControlSpec;
import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.NoticeChannels;
import io.streamfleet.redis.group.PartitionKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The right to run a Redis command on a key or channel of the fleet.
 *
 * @param words the command with its arguments, as a worker or a command-line tool sends it
 * @param needed whether a worker can't work without the right
 * @param without what does not work without the right
 */
record Right(List<String> words, boolean needed, String without) {

  /** The rule of an ACL that gives the right, such as {@code +xgroup|create}. */
  String rule() {
    String name = words.getFirst().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "xgroup", "client", "pubsub", "xinfo" ->
          "+" + name + "|" + words.get(1).toLowerCase(Locale.ROOT);
      default -> "+" + name;
    };
  }

  /** The key or channel that the command uses; empty if it uses none. */
  String subject() {
    return switch (words.getFirst()) {
      case "XGROUP", "XINFO" -> words.get(2);
      case "XREADGROUP", "XREAD" -> words.get(words.indexOf("STREAMS") + 1);
      case "PING", "INFO", "TIME", "CLIENT" -> "";
      case "PUBSUB" -> words.get(2);
      default -> words.get(1);
    };
  }

  /** All rights that the workers of a manifest use. */
  static List<Right> of(Link link, StreamConsumerGroupSpec spec) {
    List<Right> all = new ArrayList<>();
    String letters = spec.deadLetter().stream();
    for (ReadStream read : ReadStream.of(spec)) {
      ofStream(all, read);
      read.partition().ifPresent(it -> ofPartition(all, link, read, it));
    }
    needed(all, "dead letters cannot be written: entries that cannot be handled stay pending")
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
    useful(all, "version and persistence cannot be checked").of("INFO");
    useful(all, "a drain waits for the current read to end").of("CLIENT", "UNBLOCK", "0");
    return all;
  }

  private static void ofStream(List<Right> all, ReadStream read) {
    String stream = read.stream();
    String group = read.group().group();
    String idle = "nothing is read";
    needed(all, idle).of("XREADGROUP", "GROUP", group, "c", "COUNT", "1", "STREAMS", stream, ">");
    needed(all, "entries are never acknowledged").of("XACK", stream, group, "0-1");
    needed(all, "entries cannot be renewed or handed over")
        .of("XCLAIM", stream, group, "c", "0", "0-1", "JUSTID");
    needed(all, "the entries of a dead worker are never claimed")
        .of("XAUTOCLAIM", stream, group, "c", "0", "0");
    needed(all, "workers cannot list their pending entries").of("XPENDING", stream, group);
    needed(all, "payloads of pending entries cannot be fetched").of("XRANGE", stream, "-", "+");
    needed(all, "a missing group is not created").of("XGROUP", "CREATE", stream, group, "0");
    useful(all, "consumers of removed workers stay in the group")
        .of("XGROUP", "DELCONSUMER", stream, group, "c");
    useful(all, "gauges are missing, and the position of a lost group is estimated")
        .of("XINFO", "GROUPS", stream);
    useful(all, "it is unknown which workers are alive").of("XINFO", "CONSUMERS", stream, group);
    useful(all, "the length of the stream is unknown").of("XLEN", stream);
    useful(all, "entries that a failed emission appended cannot be deleted")
        .of("XDEL", stream, "0-1");
    if (read.hasLocks()) {
      String lock = read.lockKey("check", Optional.empty());
      needed(all, "channels cannot be locked").of("SET", lock, "", "NX", "PX", "1");
      needed(all, "locks of channels cannot be renewed").of("PEXPIRE", lock, "1");
      needed(all, "locks of channels cannot be read").of("GET", lock);
      needed(all, "locks of channels cannot be released").of("DEL", lock);
    }
  }

  private static void ofPartition(
      List<Right> all, Link link, ReadStream read, ReadStream.Partition partition) {
    PartitionKeys keys = new PartitionKeys(partition.whole().stream(), partition.whole().group());
    String lease = keys.lease(link, read.stream());
    String without = "no worker can have the partition";
    needed(all, without).of("HMGET", lease, "token");
    needed(all, without).of("HSET", lease, "token", "");
    needed(all, without).of("XREVRANGE", read.stream(), "+", "-", "COUNT", "1");
    needed(all, "workers cannot wait for entries of partitions")
        .of("XREAD", "COUNT", "1", "STREAMS", read.stream(), "$");
    if (partition.number() == 0) {
      needed(all, "workers cannot share partitions").of("ZADD", keys.members(), "0", "check");
      needed(all, "workers cannot share partitions").of("SET", keys.count(), "");
    }
  }

  private static void control(List<Right> all, Link link, ControlSpec control) {
    String cancel = link.channel(control.cancelChannel());
    String notices = NoticeChannels.of(link, control.noticePrefix()).prefix() + ":check";
    needed(all, "workers do not start: they cannot subscribe to notices")
        .of("SUBSCRIBE", cancel, notices);
    needed(all, "entries cannot be handed over").of("PUBLISH", notices, "");
    useful(all, "`cancel` does not work").of("PUBLISH", cancel, "");
    useful(all, "it is unknown whether a consumer name is in use").of("PUBSUB", "NUMSUB", notices);
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
