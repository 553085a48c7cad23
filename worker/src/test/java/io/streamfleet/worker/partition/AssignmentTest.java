package io.streamfleet.worker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentTest {

  @Test
  void doesNotDependOnTheOrderOfTheNames() {
    List<String> shuffled = new ArrayList<>(workers("team", 9));
    Collections.shuffle(shuffled, new java.util.Random(1));

    assertThat(Assignment.of(64, shuffled)).isEqualTo(Assignment.of(64, workers("team", 9)));
  }

  @Test
  void assignsNothingToNobody() {
    assertThat(Assignment.of(32, List.of())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 5", "2, 3", "4, 3", "32, 1", "32, 5", "32, 31", "32, 33", "256, 7"})
  void leavesNoPartitionWithoutAWorkerAndNoneMuchMoreThanItsShare(int partitions, int workers) {
    List<String> owners = Assignment.of(partitions, workers("pod", workers));

    double mean = (double) partitions / workers;
    assertThat(owners).hasSize(partitions).doesNotContainNull();
    assertThat(loads(owners).values())
        .allSatisfy(
            load ->
                assertThat((double) load)
                    .isLessThanOrEqualTo(Math.max(Math.ceil(mean), 1.25 * mean)));
  }

  /** Names as Kubernetes gives them to pods. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void ofAThousandPartitionsAndFiftyWorkersOneMoreMovesLittleMoreThanItsShare(long seed) {
    RandomGenerator random = new java.util.SplittableRandom(seed);
    List<String> workers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      workers.add("team-7d9c5b8f4-" + Long.toString(random.nextLong(1L << 25), 36));
    }
    List<String> before = Assignment.of(1_024, workers);
    workers.add("team-7d9c5b8f4-zzzzz");
    List<String> after = Assignment.of(1_024, workers);

    assertThat(loads(before).values()).allMatch(load -> load <= 1.25 * 1_024 / 50);
    assertThat(loads(after).values()).allMatch(load -> load <= 1.25 * 1_024 / 51);
    long moved = IntStream.range(0, 1_024).filter(p -> !before.get(p).equals(after.get(p))).count();
    assertThat((double) moved).isLessThanOrEqualTo(1.5 * 1_024 / 51);
  }

  private static List<String> workers(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList();
  }

  private static Map<String, Long> loads(List<String> owners) {
    return owners.stream()
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }
}
