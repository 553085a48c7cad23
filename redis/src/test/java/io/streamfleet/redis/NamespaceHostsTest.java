package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host is looked up as a pod of the resource's namespace would look it up. */
class NamespaceHostsTest {

  private final Map<String, byte[]> names =
      Map.of(
          "redis.shop.svc", new byte[] {10, 0, 0, 1},
          "redis", new byte[] {10, 0, 0, 2},
          "laptop", new byte[] {10, 0, 0, 3},
          "redis.other", new byte[] {10, 0, 0, 4},
          "localhost", new byte[] {127, 0, 0, 1});

  private final NamespaceHosts hosts = new NamespaceHosts("shop", this::lookUp);

  private InetAddress[] lookUp(String host) throws UnknownHostException {
    byte[] address = names.get(host);
    if (address == null) {
      throw new UnknownHostException(host);
    }
    return new InetAddress[] {InetAddress.getByAddress(host, address)};
  }

  private String address(String host) throws UnknownHostException {
    return hosts.addresses(host)[0].getHostAddress();
  }

  @Test
  void aShortNameIsAServiceOfTheResourcesNamespace() throws Exception {
    assertThat(address("redis")).isEqualTo("10.0.0.1");
  }

  @Test
  void aShortNameThatIsNoServiceIsLookedUpAsItIsWritten() throws Exception {
    assertThat(address("laptop")).isEqualTo("10.0.0.3");
  }

  @Test
  void whatIsQualifiedOrLocalStaysAsItIs() throws Exception {
    assertThat(address("redis.other")).isEqualTo("10.0.0.4");
    assertThat(address("localhost")).isEqualTo("127.0.0.1");
  }

  @Test
  void whatNobodyKnowsIsAnError() {
    assertThatThrownBy(() -> hosts.addresses("nowhere"))
        .isInstanceOf(UnknownHostException.class)
        .hasMessage("nowhere");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://redis:6379",
        "rediss://redis/0",
        "redis-sentinel://10.0.0.1:26379,sentinel:26379/0#main"
      })
  void theNamespaceMattersToAShortName(String url) {
    assertThat(NamespaceHosts.matterTo(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://redis.shop:6379",
        "redis://10.1.2.3:6379",
        "redis://localhost:6379",
        "redis-sentinel://a.b:26379,c.d:26379#main"
      })
  void theNamespaceDoesNotMatterToAnyOtherName(String url) {
    assertThat(NamespaceHosts.matterTo(url)).isFalse();
  }
}
