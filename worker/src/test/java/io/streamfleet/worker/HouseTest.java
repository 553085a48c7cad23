package io.streamfleet.worker;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The plan of the house: which rooms know which, and what is not to be found in any. */
@AnalyzeClasses(
    packages = {"io.streamfleet.worker", "io.streamfleet.handler", "io.streamfleet.wire"},
    importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

  /** A page or three: past about 300 lines there is a second job in a class, give or take. */
  private static final int MOST_LINES = 320;

  private static final String MAIN = "src/main/java";

  private static final String[] KNOW_NO_OTHER_ROOM = {
    "io.streamfleet.wire..", "io.streamfleet.process.log..", "io.streamfleet.worker.loop.."
  };

  // --- rooms

  @ArchTest
  static final ArchRule roomsKnowEachOtherOneWayOnly =
      slices().matching("io.streamfleet.worker.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule groundFloorKnowsNoOtherRoom =
      classes()
          .that()
          .resideInAnyPackage(KNOW_NO_OTHER_ROOM)
          .should()
          .onlyDependOnClassesThat(
              not(resideInAPackage("io.streamfleet.worker.."))
                  .or(resideInAnyPackage(KNOW_NO_OTHER_ROOM)));

  @ArchTest
  static final ArchRule anEntryKnowsOnlyWhatItIsDecodedTo =
      noClasses()
          .that()
          .resideInAPackage("io.streamfleet.worker.entry..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.streamfleet.worker..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "io.streamfleet.worker.entry..", "io.streamfleet.wire.."))));

  @ArchTest
  static final ArchRule onlyTheCompositionKnowsThePipeline =
      classes()
          .that()
          .resideInAPackage("io.streamfleet.worker.pipeline..")
          .should()
          .onlyBeAccessed()
          .byClassesThat(
              resideInAPackage("io.streamfleet.worker.pipeline..")
                  .or(nameMatching("io\\.streamfleet\\.worker\\.Worker.*")));

  @ArchTest
  static final ArchRule observingAndHandlingKnowNoStepOfThePipeline =
      noClasses()
          .that()
          .resideInAnyPackage("io.streamfleet.worker.metrics..", "io.streamfleet.worker.handle..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.streamfleet.worker.read..",
              "io.streamfleet.worker.channel..",
              "io.streamfleet.worker.pending..",
              "io.streamfleet.worker.settle..",
              "io.streamfleet.worker.pipeline..");

  @ArchTest
  static final ArchRule theHandlersApiKnowsNothingOfTheWorker =
      classes()
          .that()
          .resideInAPackage("io.streamfleet.handler..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage("java..", "org.jspecify.annotations..", "io.streamfleet.handler..")
                  .or(nameMatching("\\[+.*")));

  // --- habits

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses().should().haveNameMatching(".*(Utils?|Helper|Manager|Impl|Data)(\\$.*)?");

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses().should().callMethodWhere(nameAndOwner("sleep", Thread.class));

  @ArchTest
  static final ArchRule onlyTheCommandLinePrints =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.streamfleet.worker.run..")
          .and(not(type(Main.class)))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  @ArchTest
  static final ArchRule timeIsJavaTime =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching("java\\.util\\.(Date|Calendar|GregorianCalendar|Timer)");

  @ArchTest
  static final ArchRule theWorkerKnowsNoKubernetesClient =
      noClasses().should().dependOnClassesThat().resideInAPackage("io.fabric8..");

  @Test
  void theWorkersClassPathHasNoKubernetesClient() {
    assertThatThrownBy(() -> Class.forName("io.fabric8.kubernetes.client.KubernetesClient"))
        .isInstanceOf(ClassNotFoundException.class);
    assertThatThrownBy(() -> Class.forName("io.fabric8.kubernetes.api.model.HasMetadata"))
        .isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void aClassIsAPageOrThree() throws IOException {
    List<String> tooLong;
    try (Stream<Path> files = Files.walk(Path.of(MAIN))) {
      tooLong =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> lines(file) > MOST_LINES)
              .map(file -> file.getFileName().toString())
              .sorted()
              .toList();
    }
    assertThat(tooLong)
        .as("files of more than %s lines: look for the second job", MOST_LINES)
        .isEmpty();
  }

  @Test
  void everyScriptSaysWhatAFailureHalfWayLeaves() throws IOException {
    Path root = Path.of(System.getProperty("repository.root", ".."));
    List<Path> scripts;
    try (Stream<Path> modules = Files.list(root)) {
      scripts =
          modules
              .map(module -> module.resolve(MAIN))
              .filter(Files::isDirectory)
              .flatMap(module -> under(module).stream())
              .filter(file -> file.toString().endsWith(".lua"))
              .toList();
    }
    assertThat(scripts).hasSizeGreaterThan(15);
    assertThat(scripts)
        .allSatisfy(
            script ->
                assertThat(Files.readString(script))
                    .containsAnyOf("half-way", "Writes nothing", "Writes once"));
  }

  private static List<Path> under(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ArchTest
  static void thereIsSomethingToCheck(JavaClasses classes) {
    assertThat(classes.contain(Worker.class)).isTrue();
    assertThat(classes.size()).isGreaterThan(100);
  }

  private static DescribedPredicate<JavaMethodCall> nameAndOwner(String name, Class<?> owner) {
    return DescribedPredicate.describe(
        owner.getSimpleName() + "." + name,
        call ->
            call.getTarget().getName().equals(name) && call.getTargetOwner().isEquivalentTo(owner));
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }
}
