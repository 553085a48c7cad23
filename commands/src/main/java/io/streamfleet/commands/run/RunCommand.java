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

/** {@code run}: consumes until SIGTERM or SIGINT, then drains. */
@Command(
    name = PlainRun.NAME,
    description = "Consume what a manifest declares, until SIGTERM or SIGINT.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:drained",
      "1:run-time failure, or not all could be settled within the grace period",
      "2:bad usage or bad manifest; nothing was touched in Redis"
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
          "The address that /healthz, /readyz and /metrics are served on, such as 127.0.0.1 for"
              + " this machine only (default: all addresses, for probes come from the node).")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Where /healthz, /readyz and /metrics are served; 0 takes any (default:"
              + " spec.workers.port).")
  private @Nullable Integer port;

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description =
          "Where to keep which messages are begun with, so that one that kills its worker is found"
              + " by the next worker of this name (default: $STREAMFLEET_STATE_DIR; nowhere if"
              + " there is none).")
  private @Nullable Path stateDir;

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "LOGFMT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private LogFormat logFormat = LogFormat.LOGFMT;

  /** What was asked for. */
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
