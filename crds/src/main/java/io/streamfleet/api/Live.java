package io.streamfleet.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A change of the field applies to workers that run; of an object, that of every field inside it. A
 * change of any other field that workers read restarts them.
 *
 * <p>It reaches the schema as {@code x-live}. What follows from it is derived there: which changes
 * roll the pods, which ones a worker applies, and what the reference says.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Live {}
