package io.streamfleet.local.fleet;

import io.streamfleet.kubelet.RestartPace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a local fleet is to be like.
 *
 * @param root of the repository, where the jars and the CustomResourceDefinition are
 * @param folder where it keeps its files; logs stay there
 * @param apiPort of the API server; 0 for any
 * @param redisUrl of a Redis that is there; without, one comes along
 * @param redisPort which the one that comes along takes if it is free; 0 for any
 * @param operatorSettings variables of the operator's environment that differ from production's
 * @param wayToApi makes of the API server's url the one in the kubeconfig, by which the operator
 *     goes: for a network in between that fails
 * @param pace how soon pods that end are started again
 * @param handlers jars and folders that workers have on their class path, for handlers in Java
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
    List<Path> handlers) {

  public FleetPlan {
    handlers = List.copyOf(handlers);
    operatorSettings = Map.copyOf(operatorSettings);
  }

  /** With a Redis of its own, and all ports as they come. */
  public static FleetPlan of(Path root, Path folder) {
    return new FleetPlan(
        root, folder, 0, Optional.empty(), 0, Map.of(), url -> url, RestartPace.LAPTOP, List.of());
  }

  public FleetPlan withApiPort(int port) {
    return new FleetPlan(
        root, folder, port, redisUrl, redisPort, operatorSettings, wayToApi, pace, handlers);
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
        handlers);
  }

  public FleetPlan withRedisPort(int port) {
    return new FleetPlan(
        root, folder, apiPort, redisUrl, port, operatorSettings, wayToApi, pace, handlers);
  }

  public FleetPlan withOperatorSettings(Map<String, String> settings) {
    return new FleetPlan(
        root, folder, apiPort, redisUrl, redisPort, settings, wayToApi, pace, handlers);
  }

  public FleetPlan withWayToApi(UnaryOperator<String> way) {
    return new FleetPlan(
        root, folder, apiPort, redisUrl, redisPort, operatorSettings, way, pace, handlers);
  }

  public FleetPlan withPace(RestartPace restarts) {
    return new FleetPlan(
        root, folder, apiPort, redisUrl, redisPort, operatorSettings, wayToApi, restarts, handlers);
  }

  public FleetPlan withHandlers(List<Path> jars) {
    return new FleetPlan(
        root, folder, apiPort, redisUrl, redisPort, operatorSettings, wayToApi, pace, jars);
  }

  /** Where logs are, and stay. */
  public Path logs() {
    return folder.resolve("logs");
  }

  Path pods() {
    return folder.resolve("pods");
  }

  /** Where the children are written down, for whoever cleans up after a fleet that was killed. */
  public Path processes() {
    return folder.resolve("processes");
  }

  public Path kubeconfig() {
    return folder.resolve("kubeconfig");
  }
}
