package io.streamfleet.operator;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The plan of the house: which rooms know which, and what is not to be found in any. */
@AnalyzeClasses(
    packages = "io.streamfleet.operator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

  /** A page or three: past about 300 lines there is a second job in a class, give or take. */
  private static final int MOST_LINES = 320;

  @ArchTest
  static final ArchRule roomsKnowEachOtherOneWayOnly =
      slices().matching("io.streamfleet.operator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule whatIsDecidedIsDecidedWithoutAskingAnybody =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.streamfleet.operator.resource..",
              "io.streamfleet.operator.check..",
              "io.streamfleet.operator.desired..",
              "io.streamfleet.operator.status..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.fabric8.kubernetes.client", "io.javaoperatorsdk..", "io.lettuce..");

  @ArchTest
  static final ArchRule whatIsWantedKnowsNothingOfWhatWasObserved =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.streamfleet.operator.resource..",
              "io.streamfleet.operator.check..",
              "io.streamfleet.operator.desired..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.streamfleet.operator.cluster..",
              "io.streamfleet.operator.redis..",
              "io.streamfleet.operator.consumer..",
              "io.streamfleet.operator.dependent..",
              "io.streamfleet.operator.status..");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Impl|Data)(\\$.*)?");

  @ArchTest
  static final ArchRule nothingSleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

  /** On a cluster controllers write the same objects, and a write in between is a conflict. */
  @Test
  void testsTryAgainWhatTheyCouldNotChange() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(LiveFleet.class.getName())
        .should()
        .callMethodWhere(
            target(nameMatching("edit|editStatus|editScale|replace|replaceStatus"))
                .and(target(owner(resideInAPackage("io.fabric8.kubernetes.client.dsl..")))))
        .because("LiveFleet.change tries again on a conflict")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
                .importPackages("io.streamfleet.operator"));
  }

  @Test
  void noClassIsLongerThanItsJob() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<String> tooLong =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> lines(file) > MOST_LINES)
              .map(file -> file.getFileName() + " has " + lines(file) + " lines")
              .toList();
      assertThat(tooLong).isEmpty();
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
