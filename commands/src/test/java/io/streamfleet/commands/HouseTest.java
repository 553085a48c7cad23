package io.streamfleet.commands;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Rules for the code of the commands, such as which package may use which. */
@AnalyzeClasses(
    packages = "io.streamfleet.commands",
    importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

  @ArchTest
  static final ArchRule packagesKnowEachOtherOneWayOnly =
      slices().matching("io.streamfleet.commands.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule streamsAreReadWithoutCommands =
      noClasses()
          .that()
          .resideInAPackage("io.streamfleet.commands.stream..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  /** Other output than by the command's console is lost if a command is run within a process. */
  @ArchTest
  static final ArchRule commandsWriteToTheirConsole =
      noClasses().should().accessField(System.class, "err");

  @ArchTest
  static final ArchRule theWorkersPipelineIsNoneOfTheirBusiness =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.streamfleet.worker.pipeline..",
              "io.streamfleet.worker.read..",
              "io.streamfleet.worker.pending..",
              "io.streamfleet.worker.channel..",
              "io.streamfleet.worker.settle..");

  @ArchTest
  static void thereIsSomethingToCheck(JavaClasses classes) {
    assertThat(classes.contain(Commands.class)).isTrue();
    assertThat(classes.size()).isGreaterThan(60);
  }
}
