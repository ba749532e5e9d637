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
 * Changes that are made together or not at all, and what must be true for that; a list and nothing
 * more until it is given to {@link KvStore#write}. Made by {@link KvStore#batch()}, bound to no
 * store, and fit to be written again.
 *
 * <p>Keys and values are turned into bytes when the batch is written, not before: it keeps what it
 * was given, and who changes an object or an array in between changes what is written. Not for use
 * by several threads at once.
 *
 * <p>Preconditions are asked of the store as it is before the batch, wherever among the operations
 * they were added. Operations are applied in the order they were added: of several on one key, each
 * gets a version of its own, and what the last one says stays: no reader sees what came before it.
 */
public final class Batch<K, V> {
  /** The most operations and preconditions, together, of one batch: 65,536. */
  public static final int MAX_OPERATIONS = 1 << 16;

  /**
   * The most bytes that the changes of a batch may take in the log: 32 MiB. A change takes its key,
   * its value, its label and up to 36 bytes. A batch with a single operation may be as large as a
   * put.
   */
  public static final int MAX_BYTES = 32 << 20;

  /**
   * A change.
   *
   * @param value what is put, or null for a delete
   */
  public record Operation<K, V>(K key, @Nullable V value, PutOptions options) {}

  /** What a precondition asks for. */
  public enum Requirement {
    /** The key has no entry. */
    ABSENT,
    /** The key has an entry. */
    PRESENT,
    /** The key has an entry of one version. */
    VERSION
  }

  /**
   * What must be true of a key before anything is written.
   *
   * @param version that is asked for; 0 where none is
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
   * life is counted from the write, which refuses one that is too short or too long.
   */
  @CanIgnoreReturnValue
  public Batch<K, V> put(K key, V value, Duration ttl) {
    Objects.requireNonNull(ttl, "ttl");
    return put(key, value, PutOptions.NONE.ttl(ttl));
  }

  /**
   * Adds a put of an entry that is absent from a moment on, given to the millisecond; of one that
   * has passed, the entry is absent at once. For callers that keep the deadline of what they
   * replace, or were told one.
   */
  @CanIgnoreReturnValue
  public Batch<K, V> putUntil(K key, V value, Instant expiresAt) {
    Objects.requireNonNull(expiresAt, "expiresAt");
    return put(key, value, PutOptions.NONE.expiresAt(expiresAt));
  }

  /** Adds a put of an entry with all that can be said of it. */
  @CanIgnoreReturnValue
  public Batch<K, V> put(K key, V value, PutOptions options) {
    Objects.requireNonNull(value, "value");
    return add(new Operation<>(key, value, Objects.requireNonNull(options, "options")));
  }

  /** Adds a delete; where there is no entry it changes nothing. */
  @CanIgnoreReturnValue
  public Batch<K, V> delete(K key) {
    return add(new Operation<>(key, null, PutOptions.NONE));
  }

  /** Makes it a precondition that the key has an entry of this version. */
  @CanIgnoreReturnValue
  public Batch<K, V> requireVersion(K key, long version) {
    return require(new Precondition<>(key, Requirement.VERSION, version));
  }

  /** Makes it a precondition that the key has no entry. */
  @CanIgnoreReturnValue
  public Batch<K, V> requireAbsent(K key) {
    return require(new Precondition<>(key, Requirement.ABSENT, 0));
  }

  /** Makes it a precondition that the key has an entry. */
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

  /** Returns the operations, in the order they were added: a view that nobody can change. */
  public List<Operation<K, V>> operations() {
    return Collections.unmodifiableList(operations);
  }

  /** Returns the preconditions, likewise. */
  public List<Precondition<K>> preconditions() {
    return Collections.unmodifiableList(preconditions);
  }
}
