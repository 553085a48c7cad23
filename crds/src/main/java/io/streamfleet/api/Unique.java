package io.streamfleet.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A list without duplicates: {@code x-kubernetes-list-type} set, or map if it has a key. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Unique {
  /** The field that is the key of the elements; empty if the elements are scalars. */
  String by() default "";
}
