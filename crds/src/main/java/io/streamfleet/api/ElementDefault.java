package io.streamfleet.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The default of a field inside the annotated object, where it depends on who refers to it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface ElementDefault {
  /** The name of the field inside the annotated object. */
  String field();

  String value();
}
