package io.streamfleet.apiserver.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The configuration of a client with full access.
 *
 * @param url of the server
 * @param identity of the server
 */
public record Kubeconfig(String url, Identity identity) {

  /** The content of the file. */
  public String text() {
    return """
    apiVersion: v1
    kind: Config
    clusters:
      - name: streamfleet
        cluster:
          server: %s
          certificate-authority-data: %s
    users:
      - name: developer
        user:
          token: %s
    contexts:
      - name: streamfleet
        context:
          cluster: streamfleet
          user: developer
          namespace: default
    current-context: streamfleet
    """
        .formatted(url, identity.authorityAsData(), identity.token());
  }

  /** Writes it atomically into a file that only its owner may read. */
  public Path write(Path file) throws IOException {
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    // Temporary files are private from the start, whatever the umask.
    Path aside = Files.createTempFile(folder, file.getFileName().toString(), ".part");
    Files.writeString(aside, text());
    return Files.move(
        aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
