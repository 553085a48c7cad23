package io.streamfleet.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The default of a field inside the annotated object, for types that are used with different
 * defaults.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@Repeatable(ElementDefault.All.class)
public @interface ElementDefault {
  /** The name of the field inside the annotated object. */
  String field();

  String value();

  /** Several of them. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  @interface All {
    ElementDefault[] value();
  }
}
