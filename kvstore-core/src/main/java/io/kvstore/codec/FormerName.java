package io.kvstore.codec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The former names of a class, a record component, a field or an enum constant, under which older
 * values of a {@link KryoCodec} were written, so that these can still be read. Never remove a
 * former name while a store may hold such values.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface FormerName {

  /** The former names; those of a class in the form of {@link Class#getName()}. */
  String[] value();
}
