package io.streamfleet.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are committed and made by code: they are held against what the code makes. */
final class Committed {

  static final String REFRESH =
      "mvn -o -pl helm -am verify -DskipAot -Dcoverage.minimum=0"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest='io.streamfleet.helm.*Test' -Dgolden.accept=true";

  private Committed() {}

  /** Fails where a file is not what it should be, unless it is to be made so. */
  static void hold(Path file, String content) throws IOException {
    if (Boolean.getBoolean("golden.accept")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    }
    assertThat(file).as("%s is stale; to refresh it: %s", file, REFRESH).exists();
    assertThat(file).as("%s is stale; to refresh it: %s", file, REFRESH).hasContent(content);
  }
}
