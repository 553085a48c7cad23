package io.streamfleet.commands.check;

import io.streamfleet.api.StreamConsumerGroupSpec;
import io.streamfleet.commands.check.Finding.Severity;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.commands.line.OutputOptions;
import io.streamfleet.commands.line.RedisSession;
import io.streamfleet.commands.line.Text;
import io.streamfleet.commands.stream.ReadStream;
import io.streamfleet.commands.stream.RedisReply;
import io.streamfleet.redis.Link;
import io.streamfleet.redis.group.GroupInspection;
import io.streamfleet.redis.group.Inspection;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check}. */
@Command(
    name = "check",
    description = {
      "Check a fleet's surroundings: connection, clocks, version, persistence, eviction, rights,"
          + " groups, consumer names, dead letters, handlers. Each problem comes with a fix.",
      "",
      "Changes nothing: rights are queried but not used, and handlers get a connection but no"
          + " request."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  check -f manifest.yaml",
      "  check -f manifest.yaml --quiet        only warnings and errors",
      "  check -f manifest.yaml --output json | jq 'select(.severity != \"ok\")'"
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no errors; there may be warnings",
      "1:an error was found, or Redis failed",
      "2:bad usage or bad manifest"
    })
public final class CheckCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();
  @Mixin private final OutputOptions output = new OutputOptions();

  @Spec private @Nullable CommandSpec command;

  @Option(names = "--quiet", description = "Print only warnings and errors.")
  private boolean quiet;

  @Override
  public Integer call() {
    StreamConsumerGroupSpec spec = manifest.spec();
    Console console = Console.of(command);
    List<Finding> found = new ArrayList<>();
    try (RedisSession redis = RedisSession.open(manifest, spec)) {
      Link link = redis.link();
      List<ReadStream> streams = ReadStream.of(spec);
      Inspection seen =
          RedisReply.of(
              () ->
                  new GroupInspection(link)
                      .look(
                          streams.stream().map(ReadStream::group).toList(),
                          GroupInspection.Consumers.ALL,
                          List.of(spec.deadLetter().stream())));
      found.addAll(new ServerChecks(link, Clock.systemUTC()).all(seen.writesRefused()));
      found.addAll(RightsCheck.of(link, spec));
      found.addAll(new GroupChecks(spec).all(seen));
      found.addAll(PartitionChecks.of(link, streams));
      found.addAll(HandlerChecks.of(streams));
    }
    found.stream()
        .filter(it -> !quiet || it.severity() != Severity.OK)
        .forEach(it -> print(console, it));
    long errors = count(found, Severity.ERROR);
    if (!output.isJson()) {
      console
          .out()
          .printf(
              Locale.ROOT,
              "%d checks: %d errors, %d warnings%n",
              found.size(),
              errors,
              count(found, Severity.WARNING));
    }
    return errors == 0 ? 0 : 1;
  }

  private static long count(List<Finding> found, Severity severity) {
    return found.stream().filter(it -> it.severity() == severity).count();
  }

  private void print(Console console, Finding it) {
    if (output.isJson()) {
      console.out().println(it.json());
      return;
    }
    console
        .out()
        .printf(
            Locale.ROOT,
            "%-8s %-12s %s%n",
            Text.word(it.severity()),
            it.check(),
            Text.printable(it.found()));
    it.remedy()
        .ifPresent(
            remedy -> {
              console.out().println(" ".repeat(22) + "fix: " + Text.printable(remedy));
              console.out().println(" ".repeat(22) + "see: " + it.link());
            });
  }
}
