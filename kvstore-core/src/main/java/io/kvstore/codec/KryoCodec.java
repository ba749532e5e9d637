package io.kvstore.codec;

/**
 * A codec for objects of registered classes whose values stay readable when the classes change. See
 * {@link Codecs#kryo} for the supported classes, and {@code docs/evolution.md} for how old values
 * are read.
 *
 * <p>Immutable: each method returns a new codec with the addition. The same codec may be used by
 * any number of stores.
 *
 * @param <T> the type of the objects
 */
public interface KryoCodec<T> extends Codec<T> {

  /**
   * Registers further classes, in any order. A sealed type registers its permitted types too, and
   * an array the type of its elements.
   *
   * @throws IllegalArgumentException if a class can't be written: the message says why, and what to
   *     do
   */
  KryoCodec<T> with(Class<?>... more);

  /**
   * Adds a former name of a class, under which older values were written, as {@link FormerName} on
   * the class does.
   *
   * @param formerName in the form of {@link Class#getName()}
   * @throws IllegalArgumentException if the class is not registered, or another class has the name
   */
  KryoCodec<T> formerName(Class<?> type, String formerName);

  /**
   * Adds a former name of a record component, a field or an enum constant, under which older values
   * were written, as {@link FormerName} on it does.
   *
   * @throws IllegalArgumentException if the class is not registered or has no such component, or
   *     another of its components has the former name
   */
  KryoCodec<T> formerName(Class<?> type, String name, String formerName);

  /**
   * Sets the default of a component for values that were written before the component existed,
   * instead of null, zero, false or {@link java.util.Optional#empty()}. All such values share the
   * one object: it must not be changed.
   *
   * @throws IllegalArgumentException if the class is not registered or has no such component, or
   *     the value is not of its type
   */
  KryoCodec<T> defaultValue(Class<?> type, String component, Object value);
}
