package io.streamfleet.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.streamfleet.apiserver.access.Identity;
import io.streamfleet.apiserver.controller.InstantKubelet;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask the API server: who has its token; no web page, whatever it tries. */
class AccessTest {

  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String MAP =
      "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"sent\"}}";

  @AutoClose private final ApiServer server = ApiServer.start();
  @AutoClose private final Api api = new Api(server);
  @AutoClose private final HttpClient stranger = Api.client(server);

  /** A request in the raw, for no client lets its Host be chosen. */
  private record Raw(int code, JsonNode body) {}

  private Raw raw(String method, String path, List<String> headers, String body) throws Exception {
    int port = URI.create(server.url()).getPort();
    try (Socket socket =
        SSLUtils.sslContext(server.config())
            .getSocketFactory()
            .createSocket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      OutputStream out = socket.getOutputStream();
      String head =
          "%s %s HTTP/1.1\r\n%s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
              .formatted(method, path, String.join("\r\n", headers), body.length(), body);
      out.write(head.getBytes(StandardCharsets.UTF_8));
      out.flush();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Raw(
          Integer.parseInt(answer.substring(9, 12)),
          new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4)));
    }
  }

  private String authorization() {
    return "Authorization: Bearer " + server.identity().token();
  }

  private boolean isMade() {
    return api.get(MAPS + "/sent").code() == 200;
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "wrong"})
  void whoHasNoTokenIsRefusedWhateverIsAsked(@Nullable String authorization) throws Exception {
    for (String path :
        List.of("/", "/healthz", "/version", "/api", "/openapi/v2", MAPS, MAPS + "?watch=1")) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
      if (authorization != null) {
        request.header("Authorization", authorization);
      }
      HttpResponse<String> answer =
          stranger.send(request.build(), HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).as(path).isEqualTo(401);
      assertThat(answer.body()).contains("\"reason\":\"Unauthorized\"");
    }
  }

  @Test
  void aWebsocketIsNoWayAround() {
    URI watch = URI.create(server.url().replace("https", "wss") + MAPS + "?watch=1");

    assertThatThrownBy(
            () ->
                stranger
                    .newWebSocketBuilder()
                    .buildAsync(watch, new java.net.http.WebSocket.Listener() {})
                    .join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            it -> assertThat(it.getResponse().statusCode()).isEqualTo(401));
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "0.0.0.0"})
  void aNameThatOnlyLeadsToLoopbackIsRefusedEvenWithTheToken(String host) throws Exception {
    Raw answer = raw("GET", MAPS, List.of("Host: " + host, authorization()), "");

    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.body().path("message").asText()).contains("names of loopback only");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost:1234", "LOCALHOST", "[::1]:6443"})
  void theNamesOfLoopbackAreTaken(String host) throws Exception {
    assertThat(raw("GET", MAPS, List.of("Host: " + host, authorization()), "").code())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", "null", "http://127.0.0.1:8000", "https://127.0.0.1"})
  void aWebPageIsRefusedEvenWithTheToken(String origin) throws Exception {
    String host = server.url().replace("https://", "Host: ");
    Raw answer = raw("POST", MAPS, List.of(host, authorization(), "Origin: " + origin), MAP);

    assertThat(answer.code()).isEqualTo(403);
    assertThat(answer.body().path("message").asText()).contains("no web page");
    assertThat(isMade()).isFalse();
  }

  @Test
  void aPreflightIsRefusedSoThatABrowserSendsNothingMore() throws Exception {
    String host = server.url().replace("https://", "Host: ");
    Raw answer = raw("OPTIONS", MAPS, List.of(host, "Origin: https://evil.example"), "");

    assertThat(answer.code()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/cbor",
        "application/merge-patch+json"
      })
  void aBodyOfAFormThatAClusterDoesNotTakeIsRefused(String type) {
    for (Api.Reply reply :
        List.of(
            api.sent("POST", MAPS, type, MAP),
            api.sent("PUT", MAPS + "/sent", type, MAP),
            api.sent("DELETE", MAPS + "/sent", type, "{}"))) {
      assertThat(reply.code()).isEqualTo(415);
      assertThat(reply.text("/message"))
          .contains("accepted media types include: application/json, application/yaml", type);
    }
    assertThat(isMade()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "application/json; charset=utf-8", "Application/JSON", ""})
  void jsonIsTakenHoweverItIsSpelled(String type) {
    assertThat(api.sent("POST", MAPS, type, MAP).code()).isEqualTo(201);
  }

  @Test
  void yamlIsTakenWhereItIsSaid() {
    String map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sent}\n";

    assertThat(api.sent("POST", MAPS, "application/json", map).code()).isEqualTo(400);
    assertThat(api.sent("POST", MAPS, "application/yaml", map).code()).isEqualTo(201);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedAndNotKept() {
    String value = "x".repeat(3 << 20);
    Api.Reply reply =
        api.post(
            MAPS,
            MAP.replace("\"metadata\"", "\"data\":{\"k\":\"%s\"},\"metadata\"".formatted(value)));

    assertThat(reply.code()).isEqualTo(413);
    assertThat(reply.text("/message")).contains("limit is 3145728 bytes");
    assertThat(isMade()).isFalse();
  }

  @Test
  void plainHttpIsNotSpoken() throws IOException {
    int port = URI.create(server.url()).getPort();
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      socket
          .getOutputStream()
          .write(
              ("GET " + MAPS + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                  .getBytes(StandardCharsets.UTF_8));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain("HTTP/1.1 200");
    }
  }

  @Test
  void theKubeconfigIsItsOwnersOnlyAndLeadsToTheServer(@TempDir Path folder) throws IOException {
    Path file = server.kubeconfig().write(folder.resolve("deep/kubeconfig"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder.resolve("deep")).isDirectoryContaining(it -> it.equals(file));
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(Files.readString(file)))
            .build()) {
      assertThat(client.namespaces().list().getItems()).isNotEmpty();
    }
  }

  @Test
  void aServerThatIsStartedAnewWithItsIdentityIsKnownToItsClients() {
    int port;
    Config config;
    Identity identity;
    try (ApiServer before = ApiServer.start()) {
      port = URI.create(before.url()).getPort();
      config = before.config();
      identity = before.identity();
    }
    try (ApiServer after =
            ApiServer.start(new InstantKubelet(), port, Clock.systemUTC(), identity);
        KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      assertThat(client.namespaces().list().getItems()).isNotEmpty();
      assertThat(after.identity()).isEqualTo(identity);
    }
    assertThat(Optional.of(identity).map(Object::toString))
        .hasValueSatisfying(it -> assertThat(it).doesNotContain(identity.token(), "KEY"));
  }

  @Test
  void eachServerHasATokenOfItsOwn() {
    try (ApiServer other = ApiServer.start()) {
      assertThat(other.identity().token())
          .hasSizeGreaterThan(40)
          .isNotEqualTo(server.identity().token());
      assertThat(server.identity().isOf(other.identity().token())).isFalse();
    }
  }
}
