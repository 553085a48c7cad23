package io.streamfleet.local.cli;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.api.Manifest;
import io.streamfleet.api.StreamConsumerGroup;
import io.streamfleet.commands.Commands;
import io.streamfleet.local.fleet.LocalFailure;
import io.streamfleet.local.state.RunningFleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The worker's own commands, with the manifest of the fleet. */
abstract sealed class WorkerCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec command;

  @Mixin private final Place place = new Place();

  @Option(
      names = "--scg",
      paramLabel = "NAME",
      description = "The StreamConsumerGroup, if there are several.")
  private @Nullable String name;

  @Unmatched private List<String> rest = new ArrayList<>();

  /** {@code publish}. */
  @Command(
      name = "publish",
      description = "Publish messages to the fleet; ./streamfleet worker publish --help.")
  public static final class Publish extends WorkerCommand {}

  /** {@code dlq}. */
  @Command(
      name = "dlq",
      description =
          "Inspect, replay or delete the fleet's dead letters; ./streamfleet worker dlq --help.")
  public static final class DeadLetters extends WorkerCommand {}

  /** {@code check}. */
  @Command(
      name = "check",
      description = "Find problems around the fleet; ./streamfleet worker check --help.")
  public static final class Check extends WorkerCommand {}

  /** {@code top}. */
  @Command(
      name = "top",
      description = "List the channels with the largest backlog; ./streamfleet worker top --help.")
  public static final class Top extends WorkerCommand {}

  /** {@code why}. */
  @Command(
      name = "why",
      description =
          "Show where an entry or a channel is, and what it waits for; ./streamfleet worker why"
              + " --help.")
  public static final class Why extends WorkerCommand {}

  /** {@code find}. */
  @Command(name = "find", description = "Find messages; ./streamfleet worker find --help.")
  public static final class Find extends WorkerCommand {}

  /** {@code show}. */
  @Command(
      name = "show",
      description = "Print entries with all their fields; ./streamfleet worker show --help.")
  public static final class Show extends WorkerCommand {}

  /** {@code cancel}. */
  @Command(
      name = "cancel",
      description =
          "Cancel an entry, or all entries of a channel; ./streamfleet worker cancel --help.")
  public static final class Cancel extends WorkerCommand {}

  @Override
  public Integer call() {
    CommandOutput output = CommandOutput.of(command);
    List<String> line = new ArrayList<>(List.of(output.name()));
    line.addAll(rest);
    if (rest.contains("--help") || rest.contains("-h")) {
      return Commands.commandLine().execute(line.toArray(String[]::new));
    }
    Optional<RunningFleet> running = place.state().running();
    if (running.isEmpty()) {
      output.complain(FleetClient.NONE);
      return ExitStatus.FLEET;
    }
    try (KubernetesClient client = FleetClient.to(place.state())) {
      return execute(client, line);
    } catch (LocalFailure e) {
      output.complain(String.valueOf(e.getMessage()));
      return ExitStatus.of(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int execute(KubernetesClient client, List<String> line) throws IOException {
    StreamConsumerGroup group = FleetClient.chosen(client, name);
    Path folder = Files.createTempDirectory("streamfleet-command");
    try {
      Path manifest = folder.resolve("manifest.yaml");
      Files.writeString(
          manifest,
          new Manifest(
                  group.getMetadata().getName(),
                  group.getMetadata().getNamespace(),
                  group.getSpec())
              .toYaml());
      for (Secret secret :
          client.secrets().inNamespace(group.getMetadata().getNamespace()).list().getItems()) {
        unfold(secret, folder.resolve("secrets"));
      }
      line.addAll(
          List.of("-f", manifest.toString(), "--secrets", folder.resolve("secrets").toString()));
      return Commands.commandLine().execute(line.toArray(String[]::new));
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void unfold(Secret secret, Path folder) throws IOException {
    Path place = Files.createDirectories(folder.resolve(secret.getMetadata().getName()));
    for (Map.Entry<String, String> key :
        Objects.requireNonNullElse(secret.getData(), Map.<String, String>of()).entrySet()) {
      Files.write(place.resolve(key.getKey()), Base64.getDecoder().decode(key.getValue()));
    }
  }
}
