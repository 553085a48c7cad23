package io.streamfleet.local.fleet;

import io.streamfleet.kubelet.RestartPace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * The configuration of a local fleet.
 *
 * @param root of the repository, with the jars and the CustomResourceDefinition
 * @param folder for its files; the logs stay there
 * @param apiPort of the API server; 0 for any
 * @param redisUrl of an existing Redis; empty for an embedded one
 * @param redisPort of the embedded Redis if the port is free; 0 for any
 * @param operatorSettings environment variables of the operator that differ from production
 * @param wayToApi changes the URL of the API server in the operator's kubeconfig, such as to a
 *     faulty network in between
 * @param pace how soon pods that ended are restarted
 * @param handlers jars and folders for the workers' class path, for handlers in Java
 * @param console the port of the console if that is free, else any; no console if empty
 */
public record FleetPlan(
    Path root,
    Path folder,
    int apiPort,
    Optional<String> redisUrl,
    int redisPort,
    Map<String, String> operatorSettings,
    UnaryOperator<String> wayToApi,
    RestartPace pace,
    List<Path> handlers,
    OptionalInt console) {

  public FleetPlan {
    handlers = List.copyOf(handlers);
    operatorSettings = Map.copyOf(operatorSettings);
  }

  /** With an embedded Redis and any free ports. */
  public static FleetPlan of(Path root, Path folder) {
    return new FleetPlan(
        root,
        folder,
        0,
        Optional.empty(),
        0,
        Map.of(),
        url -> url,
        RestartPace.LAPTOP,
        List.of(),
        OptionalInt.empty());
  }

  public FleetPlan withApiPort(int port) {
    return new FleetPlan(
        root,
        folder,
        port,
        redisUrl,
        redisPort,
        operatorSettings,
        wayToApi,
        pace,
        handlers,
        console);
  }

  public FleetPlan withRedis(String url) {
    return new FleetPlan(
        root,
        folder,
        apiPort,
        Optional.of(url),
        redisPort,
        operatorSettings,
        wayToApi,
        pace,
        handlers,
        console);
  }

  public FleetPlan withRedisPort(int port) {
    return new FleetPlan(
        root, folder, apiPort, redisUrl, port, operatorSettings, wayToApi, pace, handlers, console);
  }

  public FleetPlan withOperatorSettings(Map<String, String> settings) {
    return new FleetPlan(
        root, folder, apiPort, redisUrl, redisPort, settings, wayToApi, pace, handlers, console);
  }

  public FleetPlan withWayToApi(UnaryOperator<String> way) {
    return new FleetPlan(
        root, folder, apiPort, redisUrl, redisPort, operatorSettings, way, pace, handlers, console);
  }

  public FleetPlan withPace(RestartPace restarts) {
    return new FleetPlan(
        root,
        folder,
        apiPort,
        redisUrl,
        redisPort,
        operatorSettings,
        wayToApi,
        restarts,
        handlers,
        console);
  }

  public FleetPlan withHandlers(List<Path> jars) {
    return new FleetPlan(
        root,
        folder,
        apiPort,
        redisUrl,
        redisPort,
        operatorSettings,
        wayToApi,
        pace,
        jars,
        console);
  }

  /** With a console. */
  public FleetPlan withConsole(int port) {
    return new FleetPlan(
        root,
        folder,
        apiPort,
        redisUrl,
        redisPort,
        operatorSettings,
        wayToApi,
        pace,
        handlers,
        OptionalInt.of(port));
  }

  /** The logs, which stay. */
  public Path logs() {
    return folder.resolve("logs");
  }

  Path pods() {
    return folder.resolve("pods");
  }

  /** The list of child processes, for cleaning up after a fleet that was killed. */
  public Path processes() {
    return folder.resolve("processes");
  }

  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }
}
