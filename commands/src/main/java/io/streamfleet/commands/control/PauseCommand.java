package io.streamfleet.commands.control;

import io.streamfleet.api.InvalidManifest;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.yaml.YamlSyntaxError;
import io.streamfleet.commands.control.PauseChange.NothingToPause;
import io.streamfleet.commands.line.Console;
import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.worker.run.BadUsage;
import io.streamfleet.worker.settings.ManifestText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pause} and {@code resume}. */
public abstract sealed class PauseCommand implements Callable<Integer> {

  private static final int FAILED = 1;

  @Mixin private final ManifestOptions manifest = new ManifestOptions();

  @Spec private @Nullable CommandSpec command;

  @Parameters(
      arity = "0..1",
      paramLabel = "inbound|outbound|PLATFORM",
      description = "What to pause or resume; without it both directions.")
  private String what = "";

  private final boolean paused;

  private PauseCommand(boolean paused) {
    this.paused = paused;
  }

  /** {@code pause}. */
  @Command(
      name = "pause",
      description = {
        "Stop the intake of a fleet, of a direction or of a platform: no entry is read or claimed,"
            + " and entries in flight are finished.",
        "",
        "Sets the field in the manifest's file and leaves the rest of the file as it is. The"
            + " workers that run with this file follow within seconds. On Kubernetes use kubectl"
            + " streamfleet pause, which changes the resource."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  pause -f manifest.yaml", "  pause -f manifest.yaml discord"},
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {
        "0:it is paused",
        "1:the file cannot be changed",
        "2:bad usage, or nothing of that name"
      })
  public static final class Pause extends PauseCommand {

    public Pause() {
      super(true);
    }
  }

  /** {@code resume}. */
  @Command(
      name = "resume",
      description = {
        "End a pause, see pause --help. A platform that is paused itself stays so when its direction"
            + " is resumed."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {"  resume -f manifest.yaml", "  resume -f manifest.yaml discord"},
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {
        "0:it is not paused",
        "1:the file cannot be changed",
        "2:bad usage, or nothing of that name"
      })
  public static final class Resume extends PauseCommand {

    public Resume() {
      super(false);
    }
  }

  @Override
  public Integer call() {
    Console console = Console.of(command);
    ManifestText before = read();
    PauseChange change;
    try {
      change = PauseChange.of(before.manifest().spec(), what, paused);
    } catch (NothingToPause e) {
      throw manifest.bad(String.valueOf(e.getMessage()));
    }
    String did = (paused ? "paused " : "resumed ") + (what.isEmpty() ? "the intake" : what);
    if (!change.changesAnything()) {
      console.out().println(manifest.source().file() + " says so already");
      return 0;
    }
    Optional<String> after = edited(change, before.text());
    if (after.isEmpty()) {
      console.err().println("cannot edit this manifest; set it yourself: " + change.patch());
      return FAILED;
    }
    try {
      write(manifest.source().file(), before.text(), after.get());
    } catch (IOException e) {
      console.err().println(unwritable(e, before.manifest(), change));
      return FAILED;
    }
    console
        .out()
        .println(
            did
                + " in "
                + manifest.source().file()
                + "; the workers that run with it follow within seconds");
    return 0;
  }

  private ManifestText read() {
    try {
      return manifest.source().read();
    } catch (BadUsage e) {
      throw manifest.bad(e);
    }
  }

  private static Optional<String> edited(PauseChange change, String text) {
    try {
      return change.in(text).filter(PauseCommand::isValid);
    } catch (YamlSyntaxError e) {
      throw new IllegalStateException("it was read before", e);
    }
  }

  private static boolean isValid(String text) {
    try {
      return !Manifest.read(text).name().isEmpty();
    } catch (InvalidManifest e) {
      return false;
    }
  }

  /**
   * Writes in place, as the file may be mounted by itself or be a link, where it cannot be replaced
   * by another. Workers wait until they read the same text twice, so they never take half of it.
   */
  private static void write(Path file, String before, String after) throws IOException {
    try {
      Files.writeString(file, after);
    } catch (IOException e) {
      if (Files.isWritable(file)) {
        // A full disk: the old text had room.
        Files.writeString(file, before);
      }
      throw e;
    }
  }

  private String unwritable(IOException failure, Manifest before, PauseChange change) {
    String namespace = before.namespace();
    return "cannot write %s: %s%non Kubernetes: kubectl patch %s.%s/%s%s --type=merge -p '%s'"
        .formatted(
            manifest.source().file(),
            failure,
            Manifest.PLURAL,
            Manifest.GROUP,
            before.name(),
            namespace == null ? "" : " -n " + namespace,
            change.patchOfResource());
  }
}
