package io.streamfleet.local.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells kubectl and the operator where the API server is. */
record Kubeconfig(Path file) {

  void write(String url) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
          - name: streamfleet
            cluster:
              server: %s
        users:
          - name: everybody
            user: {}
        contexts:
          - name: streamfleet
            context:
              cluster: streamfleet
              user: everybody
              namespace: default
        current-context: streamfleet
        """
            .formatted(url));
  }
}
