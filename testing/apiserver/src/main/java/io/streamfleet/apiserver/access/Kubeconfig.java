package io.streamfleet.apiserver.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What a client needs to reach a server. Whoever can read it may do everything there.
 *
 * @param url where the server is
 * @param identity whom to trust, and by what one is trusted
 */
public record Kubeconfig(String url, Identity identity) {

  /** As a file has it. */
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

  /** Writes it into a file that only its owner may read, in one step. */
  public Path write(Path file) throws IOException {
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    // Temporary files are for their owner's eyes from the start, whatever the mask.
    Path aside = Files.createTempFile(folder, file.getFileName().toString(), ".part");
    Files.writeString(aside, text());
    return Files.move(
        aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
