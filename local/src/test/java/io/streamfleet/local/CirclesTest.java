package io.streamfleet.local;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.streamfleet.operator.StreamfleetOperator;
import io.streamfleet.worker.Worker;

/**
 * No class of the product knows another one that knows it: each is understood without those that
 * use it. Here, since this module sees all of the product.
 */
@AnalyzeClasses(
    packages = {
      "io.streamfleet.api",
      "io.streamfleet.handler",
      "io.streamfleet.wire",
      "io.streamfleet.redis",
      "io.streamfleet.process",
      "io.streamfleet.worker",
      "io.streamfleet.commands",
      "io.streamfleet.testkit",
      "io.streamfleet.operator",
      "io.streamfleet.local"
    },
    importOptions = ImportOption.DoNotIncludeTests.class)
class CirclesTest {

  @ArchTest
  static final ArchRule classesKnowEachOtherOneWayOnly =
      slices()
          .assignedFrom(
              new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                  return SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""));
                }

                @Override
                public String getDescription() {
                  return "classes, each with what is nested in it";
                }
              })
          .should()
          .beFreeOfCycles();

  @ArchTest
  static void theProductIsThere(JavaClasses classes) {
    assertThat(classes.contain(Worker.class)).isTrue();
    assertThat(classes.contain(StreamfleetOperator.class)).isTrue();
  }
}
