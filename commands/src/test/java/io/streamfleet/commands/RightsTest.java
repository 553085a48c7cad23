package io.streamfleet.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.XAddArgs;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandType;
import io.streamfleet.redis.Link;
import io.streamfleet.worker.fleet.Fleet;
import io.streamfleet.worker.fleet.QuickManifest;
import io.streamfleet.worker.fleet.Traffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command works with just the rights listed in {@code docs/on-call.md}. */
class RightsTest {

  private static final Path PAGE =
      Path.of(System.getProperty("repository.root", "..")).resolve("docs/on-call.md");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`.*?) \\| `(\\+.*?)` \\|");

  /**
   * Without {@code +client|setinfo}, which Redis 7.0 does not have, and the client can do without.
   */
  private static final String CONNECTION = "+hello +auth +ping +client|setname";

  @TempDir private Path folder;
  private final Fleet fleet = new Fleet();
  private String pending = "";

  @AfterEach
  void end() throws Exception {
    fleet.close();
  }

  /** A command line for each command, with arguments for which it finds something. */
  private Map<String, List<String>> lines() {
    return Map.ofEntries(
        Map.entry("status", List.of("status", "--watch-for", "0s")),
        Map.entry("why", List.of("why", pending)),
        Map.entry("top", List.of("top")),
        Map.entry("find", List.of("find", "--channel", "c")),
        Map.entry("show", List.of("show", pending)),
        Map.entry("dlq summary", List.of("dlq", "summary")),
        Map.entry("dlq list", List.of("dlq", "list")),
        Map.entry("dlq show", List.of("dlq", "show", "1-1")),
        Map.entry("check", List.of("check")),
        Map.entry("dlq replay", List.of("dlq", "replay", "--id", "1-1")),
        Map.entry("dlq purge", List.of("dlq", "purge", "--all")),
        Map.entry("cancel", List.of("cancel", "--channel", "c")),
        Map.entry("seek", List.of("seek", "--to-end", "--yes")),
        Map.entry("publish", List.of("publish", "--count", "1", "--stream", "in")));
  }

  private void letter(String id) {
    fleet
        .traffic()
        .redis()
        .xadd(
            "dlq",
            XAddArgs.Builder.maxlen(10).id(id),
            Map.of(
                "original_stream",
                Traffic.text("in"),
                "data",
                Traffic.text("{\"channel_id\":\"c\"}")));
  }

  @Test
  void eachCommandWorksWithTheRightsInItsRow() throws IOException {
    fleet.group().created();
    pending = fleet.publish("c");
    fleet.group().deliverTo("w1", 1);
    fleet.publish("c");
    letter("1-1");
    letter("1-2");
    Path manifest = folder.resolve("manifest.yaml");
    Files.writeString(manifest, QuickManifest.calm().text());
    String url = fleet.redis().url().replace("redis://", "redis://few:x@");
    Map<String, List<String>> lines = lines();
    List<String> tried = new ArrayList<>();

    Matcher row = ROW.matcher(Files.readString(PAGE));
    while (row.find()) {
      allow(CONNECTION + " " + row.group(2).replace("\\|", "|"));
      for (String command : row.group(1).replace("`", "").split(", ", -1)) {
        List<String> line = lines.get(command);
        assertThat(line).as("what is typed of %s", command).isNotNull();
        List<String> words = new ArrayList<>(line);
        words.addAll(List.of("-f", manifest.toString(), "--redis-url", url));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.out() + run.err())
            .as(command)
            .doesNotContain("NOPERM", "could not be checked", "cannot reach");
        if (!List.of("check", "cancel").contains(command)) {
          assertThat(run.status()).as("%s: %s", command, run).isZero();
        }
        tried.add(command);
      }
    }
    assertThat(tried).containsExactlyInAnyOrderElementsOf(lines.keySet());
  }

  private void allow(String rights) {
    var args = Link.args().add("SETUSER").add("few").add("reset").add("on").add(">x");
    args.add("~*").add("&*").add("-@all");
    for (String right : rights.split(" ", -1)) {
      args.add(right);
    }
    fleet.traffic().redis().dispatch(CommandType.ACL, new StatusOutput<>(Link.CODEC), args);
  }
}
