package io.streamfleet.torture.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.torture.evidence.Departure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerProcessTest {

  @TempDir Path folder;

  @Test
  void whoIsToldToEndWhenItIsBeingKilledWasKilled() throws Exception {
    WorkerProcess worker =
        WorkerProcess.start(
            "w",
            List.of("sleep", "600"),
            folder.resolve("log"),
            Optional.empty(),
            new Journal(System::nanoTime));

    worker.kill(1);
    worker.terminate(2);

    Departure departure = worker.gone(new Journal(System::nanoTime)).get();
    assertThat(departure.why()).isEqualTo(Departure.Why.KILLED);
    assertThat(departure.from()).isEqualTo(1);
  }
}
