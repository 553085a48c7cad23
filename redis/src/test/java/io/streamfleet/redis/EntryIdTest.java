package io.streamfleet.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids are read, written and ordered as Redis does. */
class EntryIdTest {

  @Test
  void anIdIsWrittenAsItIsRead() {
    assertThat(EntryId.parse("1732372000000-7")).isEqualTo(new EntryId(1732372000000L, 7));
    assertThat(EntryId.parse("5")).hasToString("5-0");
    assertThat(EntryId.parse("18446744073709551615-18446744073709551615"))
        .hasToString("18446744073709551615-18446744073709551615");
    assertThat(EntryId.parse("1000-1").time()).isEqualTo(Instant.ofEpochSecond(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "1-", "-1", "1-2-3", "x", "1-x", "$"})
  void whatIsNoIdIsRefused(String text) {
    assertThatThrownBy(() -> EntryId.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bothPartsAreUnsigned() {
    assertThat(EntryId.parse("9223372036854775808-0")).isGreaterThan(EntryId.parse("1-5"));
    assertThat(EntryId.parse("1-18446744073709551615")).isGreaterThan(EntryId.parse("1-5"));
    assertThat(EntryId.parse("2-0")).isGreaterThan(EntryId.parse("1-5"));
  }

  @Test
  void neighboursDoNotCollide() {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      hashes.add(new EntryId(1732372000000L, i).hashCode());
    }
    assertThat(hashes).hasSizeGreaterThan(990);
  }

  @Test
  void theIdBeforeIsTheLastOneThatIsSmaller() {
    assertThat(EntryId.parse("5-3").before()).hasToString("5-2");
    assertThat(EntryId.parse("5-0").before()).hasToString("4-18446744073709551615");
    assertThat(EntryId.parse("0-0").before()).hasToString("0-0");
  }
}
