package io.streamfleet.commands.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class WorkerPortsTest {

  /** As a Service without an address of its own has them in the DNS of a cluster. */
  @Test
  void eachPodIsAskedAtItsAddress() throws UnknownHostException {
    InetAddress[] pods = {
      InetAddress.getByAddress(new byte[] {10, 1, 2, 4}),
      InetAddress.getByAddress(new byte[] {10, 1, 2, 3}),
      InetAddress.getByAddress(
          new byte[] {(byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}),
    };

    assertThat(WorkerPorts.at(pods, 8080))
        .containsExactly(
            URI.create("http://10.1.2.3:8080"),
            URI.create("http://10.1.2.4:8080"),
            URI.create("http://[fd00:0:0:0:0:0:0:7]:8080"));
  }
}
