package io.streamfleet.operator.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.streamfleet.apiserver.controller.Kubelet;
import io.streamfleet.apiserver.controller.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the worker of each pod as a process: with the arguments and the environment of the pod's
 * template, the ConfigMaps and Secrets that it mounts as files, and the grace period of its end.
 */
public final class ProcessKubelet implements Kubelet, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessKubelet.class);

  private final List<String> command;
  private final Path folder;
  private final Supplier<KubernetesClient> client;
  private final Map<String, PodProcess> pods = new ConcurrentHashMap<>();

  /**
   * @param command what takes the arguments of a pod's container, such as {@code java -jar ...}
   * @param folder where pods have their files and logs
   * @param client of the cluster, which may come up after this
   */
  public ProcessKubelet(List<String> command, Path folder, Supplier<KubernetesClient> client) {
    this.command = List.copyOf(command);
    this.folder = folder;
    this.client = client;
  }

  @Override
  public void started(Pod pod, Node node) {
    String name = pod.getMetadata().getName();
    PodProcess process =
        new PodProcess(pod, node, command, folder.resolve(name), new Volumes(client));
    pods.put(pod.getMetadata().getUid(), process);
    Thread.ofVirtual().name("pod-" + name).start(process::run);
  }

  @Override
  public void stopping(Pod pod, Node node) {
    PodProcess process = pods.remove(pod.getMetadata().getUid());
    if (process == null) {
      node.gone(pod);
      return;
    }
    Thread.ofVirtual()
        .name("stop-" + pod.getMetadata().getName())
        .start(
            () -> {
              try {
                process.stop();
                node.gone(pod);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                LOG.warn("the end of pod {} could not be told", pod.getMetadata().getName(), e);
              }
            });
  }

  /** The process of the pod of this name. */
  public Optional<PodProcess> pod(String name) {
    return pods.values().stream().filter(it -> it.name().equals(name)).findFirst();
  }

  /** Kills all that runs. */
  @Override
  public void close() {
    pods.values().forEach(PodProcess::crash);
  }
}
