package io.streamfleet.helm.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/runbook.md} has a section for each alert, and for nothing that is none. */
class RunbookTest {

  private static final Pattern SECTION =
      Pattern.compile(
          "^## (Streamfleet\\w+)\n(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);

  /** What somebody who was woken looks for. */
  private static final List<String> PARTS =
      List.of("**Means.**", "**Look.**", "**Do.**", "**Do not.**");

  private final Map<String, String> sections =
      SECTION
          .matcher(Shipped.runbook())
          .results()
          .collect(
              Collectors.toMap(
                  match -> match.group(1), match -> match.group(2), (a, b) -> a + b, TreeMap::new));

  @Test
  void everyAlertHasItsSectionAndEverySectionItsAlert() {
    Set<String> alerts =
        Rule.alerts().stream().map(Rule::name).collect(Collectors.toCollection(TreeSet::new));

    assertThat(sections.keySet()).isEqualTo(alerts);
  }

  @Test
  void everySectionSaysWhatItMeansHowToLookWhatToDoAndWhatNot() {
    assertThat(sections).allSatisfy((alert, text) -> assertThat(text).as(alert).contains(PARTS));
  }

  @Test
  void everyAlertLeadsToItsSection() {
    assertThat(Rule.alerts())
        .allSatisfy(
            alert ->
                assertThat(alert.annotation("runbook_url"))
                    .isEqualTo("docs/runbook.md#" + alert.name().toLowerCase(Locale.ROOT)));
  }
}
