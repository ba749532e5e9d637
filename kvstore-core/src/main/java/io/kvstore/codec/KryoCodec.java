package io.kvstore.codec;

/**
 * A codec for objects of registered classes that stay readable when the classes change. See {@link
 * Codecs#kryo} for what it takes, and {@code docs/evolution.md} for what becomes of old values.
 *
 * <p>It never changes: each method returns a codec that knows more. The same one may be given to
 * any number of stores.
 *
 * @param <T> the type of the objects
 */
public interface KryoCodec<T> extends Codec<T> {

  /**
   * Registers further classes. Their order means nothing. A sealed type brings the types that it
   * permits with it, and an array the type of its elements.
   *
   * @throws IllegalArgumentException if a class can't be written: the message says why, and what to
   *     do
   */
  KryoCodec<T> with(Class<?>... more);

  /**
   * Tells what a class was called when older values were written, as {@link FormerName} on it does.
   *
   * @param formerName as {@link Class#getName()} gave it
   * @throws IllegalArgumentException if the class is not registered, or another has the name
   */
  KryoCodec<T> formerName(Class<?> type, String formerName);

  /**
   * Tells what a component of a record, a field of a class or a constant of an enum was called when
   * older values were written, as {@link FormerName} on it does.
   *
   * @throws IllegalArgumentException if the class is not registered or has no such component, or
   *     another of its components has the former name
   */
  KryoCodec<T> formerName(Class<?> type, String name, String formerName);

  /**
   * Sets what a component is given when a value is read that was written before there was the
   * component, in place of null, zero, false or {@link java.util.Optional#empty()}. All such values
   * share the one object: it must not be changed.
   *
   * @throws IllegalArgumentException if the class is not registered or has no such component, or
   *     the value is not of its type
   */
  KryoCodec<T> defaultValue(Class<?> type, String component, Object value);
}
