package io.streamfleet.apiserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.util.stream.Stream;

/** Talks to an API server without a Kubernetes client in between, with the server's token. */
final class Api implements AutoCloseable {

  static final String APPLY = "application/apply-patch+yaml";
  static final String MERGE = "application/merge-patch+json";
  static final String STRATEGIC = "application/strategic-merge-patch+json";
  static final String JSON_PATCH = "application/json-patch+json";

  private final HttpClient http;
  private final ObjectMapper json = new ObjectMapper();
  private final String url;
  private final String authorization;

  Api(ApiServer server) {
    this.http = client(server);
    this.url = server.url();
    this.authorization = "Bearer " + server.identity().token();
  }

  /** One that trusts the server, and shows nothing to it by itself. */
  static HttpClient client(ApiServer server) {
    try {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .sslContext(SSLUtils.sslContext(server.config()))
          .build();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What came back. */
  record Reply(int code, JsonNode body) {

    String text(String pointer) {
      return body.at(pointer).asText();
    }

    String version() {
      return text("/metadata/resourceVersion");
    }
  }

  Reply get(String path) {
    return send("GET", path, "", "");
  }

  /** The same, asking for a form of the answer. */
  Reply getAs(String accept, String path) {
    return send("GET", path, "", "", "Accept", accept);
  }

  Reply post(String path, String body) {
    return send("POST", path, "application/json", body);
  }

  Reply put(String path, String body) {
    return send("PUT", path, "application/json", body);
  }

  Reply delete(String path, String body) {
    return send("DELETE", path, "application/json", body);
  }

  Reply patch(String path, String type, String body) {
    return send("PATCH", path, type, body);
  }

  /** Sends a body as it stands. */
  Reply sent(String method, String path, String type, String body) {
    return send(method, path, type, body);
  }

  /** Applies what a manager wants to own; single quotes stand for double ones. */
  Reply apply(String path, String manager, String config) {
    return patch(path + "?fieldManager=" + manager, APPLY, config);
  }

  Reply force(String path, String manager, String config) {
    return patch(path + "?force=true&fieldManager=" + manager, APPLY, config);
  }

  /** What comes back line by line, until the server ends it. */
  Stream<String> lines(String path) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Authorization", authorization)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofLines()).body();
  }

  private Reply send(String method, String path, String type, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path.replace(" ", "%20")))
            .header("User-Agent", "tester/1")
            .header("Authorization", authorization)
            .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
    if (headers.length > 0) {
      request.headers(headers);
    }
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), parsed(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private JsonNode parsed(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException plain) {
      return json.getNodeFactory().textNode(body);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
