package io.kvstore.codec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names that a class, a record component, a field or an enum constant had when older values of a
 * {@link KryoCodec} were written, so that these are still understood. Never take one away while a
 * store may hold such values.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.RECORD_COMPONENT, ElementType.FIELD})
public @interface FormerName {

  /** The names; that of a class as {@link Class#getName()} gives it. */
  String[] value();
}
