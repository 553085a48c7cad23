package io.streamfleet.console;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which packages of the console know which. */
@AnalyzeClasses(
    packages = "io.streamfleet.console",
    importOptions = ImportOption.DoNotIncludeTests.class)
class HouseTest {

  @ArchTest
  static final ArchRule packagesKnowEachOtherOneWayOnly =
      slices().matching("io.streamfleet.console.(*)..").should().beFreeOfCycles();

  /** Their classes would take more memory than all that the console keeps. */
  @ArchTest
  static final ArchRule onlyJsonIsExchangedWithTheCluster =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8.kubernetes.api.model..");

  @ArchTest
  static final ArchRule whoLooksDoesNotKnowHowItIsServed =
      noClasses()
          .that()
          .resideInAnyPackage(
              "..console.cluster..",
              "..console.observe..",
              "..console.look..",
              "..console.change..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.sun.net.httpserver..", "io.streamfleet.console.http..");
}
