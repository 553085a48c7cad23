package io.streamfleet.api;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a field whose change applies to running workers; on an object, all fields inside it. A
 * change of any other field that workers read restarts them.
 *
 * <p>It is in the schema as {@code x-live}. Everything else is derived from it: which changes roll
 * the pods, which ones a worker applies, and what the reference says.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface Live {}
