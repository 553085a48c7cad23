package io.streamfleet.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamfleet.console.settings.ConsoleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/console.md says what there is. */
class DocumentTest {

  private static final Path ROOT = Path.of(System.getProperty("repository.root", ".."));

  @Test
  void thePageHasARowForEachSettingAndNoOther() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/console.md"));

    List<String> rows =
        Pattern.compile("(?m)^\\| `(STREAMFLEET_[A-Z_]+)` \\|")
            .matcher(page)
            .results()
            .map(row -> row.group(1))
            .toList();

    assertThat(rows).containsExactlyElementsOf(ConsoleSettings.NAMES);
  }
}
