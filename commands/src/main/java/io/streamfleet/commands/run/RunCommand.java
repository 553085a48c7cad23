package io.streamfleet.commands.run;

import io.streamfleet.commands.line.ManifestOptions;
import io.streamfleet.process.log.LogFormat;
import io.streamfleet.worker.run.BadUsage;
import io.streamfleet.worker.run.PlainRun;
import io.streamfleet.worker.run.WorkerRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code run}: runs a worker until SIGTERM or SIGINT, and then drains it. */
@Command(
    name = PlainRun.NAME,
    description = "Consume the streams of a manifest, until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:drained",
      "1:failed, or not all entries could be settled within the grace period",
      "2:bad usage or bad manifest; nothing was changed in Redis"
    })
public final class RunCommand implements Callable<Integer> {

  @Mixin private final ManifestOptions manifest = new ManifestOptions();

  @Option(
      names = "--consumer",
      paramLabel = "NAME",
      description = "The consumer name, unique in the fleet (default: $POD_NAME, else $HOSTNAME).")
  private @Nullable String consumer;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "The address on which /healthz, /readyz and /metrics are served, such as 127.0.0.1 for"
              + " this machine only (default: all addresses, as a pod's probes need).")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "The port on which /healthz, /readyz and /metrics are served; 0 chooses a free one"
              + " (default: spec.workers.port).")
  private @Nullable Integer port;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "The folder for the record of messages in progress, with which the next worker of this"
              + " name finds a message that kills its worker (default: $STREAMFLEET_STATE_DIR; no"
              + " record if it is not set).")
  private @Nullable Path stateDir;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "LOGFMT",
      description = "The format of the log: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private LogFormat logFormat = LogFormat.LOGFMT;

  /** The worker that the options describe. */
  public WorkerRun asked() {
    return new WorkerRun(manifest.source(), consumer, host, port, stateDir, logFormat);
  }

  @Override
  public Integer call() throws Exception {
    try {
      return asked().run();
    } catch (BadUsage e) {
      throw manifest.bad(e);
    }
  }
}
