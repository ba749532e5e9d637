package io.kvstore;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list of operations that are applied atomically, and their preconditions. It has no effect until
 * it is passed to {@link KvStore#write}. Created by {@link KvStore#batch()}, not bound to a store,
 * and may be written more than once.
 *
 * <p>Keys and values are encoded when the batch is written, not before: the batch keeps the objects
 * it was given, so an object or array that is changed in between changes what is written. Not
 * thread-safe.
 *
 * <p>Preconditions are evaluated against the state of the store before the batch, wherever among
 * the operations they were added. Operations are applied in the order in which they were added. If
 * several operations have the same key, each gets a version of its own, and the last one decides:
 * no reader sees the result of an earlier one.
 */
public final class Batch<K, V> {
  /** The maximum number of operations and preconditions of one batch, counted together: 65,536. */
  public static final int MAX_OPERATIONS = 1 << 16;

  /**
   * The maximum size of the changes of a batch in the log: 32 MiB. A change takes the bytes of its
   * key, value and label, and up to 36 bytes more. A batch with a single operation may be as large
   * as a put.
   */
  public static final int MAX_BYTES = 32 << 20;

  /**
   * One operation of a batch, a put or a delete.
   *
   * @param value the value to put, or null for a delete
   */
  public record Operation<K, V>(K key, @Nullable V value, PutOptions options) {}

  /** The condition that a precondition checks. */
  public enum Requirement {
    /** The key has no entry. */
    ABSENT,
    /** The key has an entry. */
    PRESENT,
    /** The key has an entry with the given version. */
    VERSION
  }

  /**
   * A condition on one key that must hold before anything is written.
   *
   * @param version the required version; 0 where none is required
   */
  public record Precondition<K>(K key, Requirement requirement, long version) {}

  private final List<Operation<K, V>> operations = new ArrayList<>();
  private final List<Precondition<K>> preconditions = new ArrayList<>();

  Batch() {}

  /** Adds a put; see {@link KvStore#put(Object, Object)}. */
  @CanIgnoreReturnValue
  public Batch<K, V> put(K key, V value) {
    return put(key, value, PutOptions.NONE);
  }

  /**
   * Adds a put of an entry that expires; see {@link KvStore#put(Object, Object, Duration)}. The
   * time to live is counted from the write, which rejects one that is too short or too long.
   */
  @CanIgnoreReturnValue
  public Batch<K, V> put(K key, V value, Duration ttl) {
    Objects.requireNonNull(ttl, "ttl");
    return put(key, value, PutOptions.NONE.ttl(ttl));
  }

  /**
   * Adds a put of an entry with a deadline, to the millisecond, from which on it is absent; if the
   * deadline has passed, the entry is absent at once. For callers that keep the deadline of the
   * entry they replace, or that were given a deadline.
   */
  @CanIgnoreReturnValue
  public Batch<K, V> putUntil(K key, V value, Instant expiresAt) {
    Objects.requireNonNull(expiresAt, "expiresAt");
    return put(key, value, PutOptions.NONE.expiresAt(expiresAt));
  }

  /** Adds a put of an entry with options. */
  @CanIgnoreReturnValue
  public Batch<K, V> put(K key, V value, PutOptions options) {
    Objects.requireNonNull(value, "value");
    return add(new Operation<>(key, value, Objects.requireNonNull(options, "options")));
  }

  /** Adds a delete; if the key has no entry, it changes nothing. */
  @CanIgnoreReturnValue
  public Batch<K, V> delete(K key) {
    return add(new Operation<>(key, null, PutOptions.NONE));
  }

  /** Adds the precondition that the key has an entry with this version. */
  @CanIgnoreReturnValue
  public Batch<K, V> requireVersion(K key, long version) {
    return require(new Precondition<>(key, Requirement.VERSION, version));
  }

  /** Adds the precondition that the key has no entry. */
  @CanIgnoreReturnValue
  public Batch<K, V> requireAbsent(K key) {
    return require(new Precondition<>(key, Requirement.ABSENT, 0));
  }

  /** Adds the precondition that the key has an entry. */
  @CanIgnoreReturnValue
  public Batch<K, V> requirePresent(K key) {
    return require(new Precondition<>(key, Requirement.PRESENT, 0));
  }

  private Batch<K, V> add(Operation<K, V> operation) {
    Objects.requireNonNull(operation.key(), "key");
    requireRoom();
    operations.add(operation);
    return this;
  }

  private Batch<K, V> require(Precondition<K> precondition) {
    Objects.requireNonNull(precondition.key(), "key");
    requireRoom();
    preconditions.add(precondition);
    return this;
  }

  private void requireRoom() {
    if (operations.size() + preconditions.size() == MAX_OPERATIONS) {
      throw new IllegalArgumentException(
          "the batch has MAX_OPERATIONS = " + MAX_OPERATIONS + " operations and preconditions");
    }
  }

  /** Returns the operations in the order in which they were added, as an unmodifiable view. */
  public List<Operation<K, V>> operations() {
    return Collections.unmodifiableList(operations);
  }

  /** Returns the preconditions in the order in which they were added, as an unmodifiable view. */
  public List<Precondition<K>> preconditions() {
    return Collections.unmodifiableList(preconditions);
  }
}
