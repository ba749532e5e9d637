package io.kvstore.engine;

import io.kvstore.Batch;
import io.kvstore.CorruptStoreException;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.PutOptions;
import io.kvstore.codec.Codec;
import io.kvstore.codec.Codecs;
import io.kvstore.codec.kryo.Role;
import io.kvstore.codec.kryo.Schemas;
import io.kvstore.codec.kryo.StoredCodec;
import io.kvstore.record.Change;
import io.kvstore.record.PutRecord;
import io.kvstore.segment.StoredRecord;
import io.kvstore.stripe.BatchWrite;
import io.kvstore.stripe.Condition;
import io.kvstore.stripe.Expiry;
import io.kvstore.stripe.Increment;
import io.kvstore.stripe.RecordIterator;
import io.kvstore.stripe.Stripes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Encodes and decodes keys and values, outside any lock, and enforces the size limits. */
final class CodecPair<K, V> {
  private final Codec<K> keys;
  private final Codec<V> values;
  private final int maxValueBytes;

  CodecPair(Codec<K> keys, Codec<V> values, int maxValueBytes) {
    this.keys = keys;
    this.values = values;
    this.maxValueBytes = maxValueBytes;
  }

  /**
   * Returns the codecs of one store: typed codecs are bound to its schemas.
   *
   * @throws KvStoreException if a codec can't decode the entries of the store
   */
  static <K, V> CodecPair<K, V> of(Codec<K> keys, Codec<V> values, OpenStore opened, int maxBytes) {
    Schemas schemas = Schemas.of(opened.schemas());
    Codec<K> ownKeys = bound(keys, schemas, Role.KEY);
    Codec<V> ownValues = bound(values, schemas, Role.VALUE);
    if (ownKeys instanceof StoredCodec.Bound || ownValues instanceof StoredCodec.Bound) {
      requireOwn(ownKeys, ownValues, opened.stripes().records());
    }
    return new CodecPair<>(ownKeys, ownValues, maxBytes);
  }

  /** Checks the codecs on one entry; if it is damaged, that is reported when it is read. */
  private static void requireOwn(Codec<?> keys, Codec<?> values, RecordIterator records) {
    try (records) {
      StoredRecord any;
      try {
        if (!records.hasNext()) {
          return;
        }
        any = records.next();
      } catch (CorruptStoreException e) {
        return;
      }
      requireOwn(keys, any.key());
      requireOwn(values, any.value());
    }
  }

  private static <T> Codec<T> bound(Codec<T> codec, Schemas schemas, Role role) {
    return codec instanceof StoredCodec<T> stored ? stored.bind(schemas, role) : codec;
  }

  private static void requireOwn(Codec<?> codec, byte[] bytes) {
    if (codec instanceof StoredCodec.Bound<?> bound) {
      bound.requireOwn(bytes);
    }
  }

  /** Encodes a key for a lookup; the bytes may be longer than those of any stored key. */
  byte[] lookupKey(K key) {
    Objects.requireNonNull(key, "key");
    return keys.encode(key);
  }

  /**
   * Encodes a key for a write.
   *
   * @throws IllegalArgumentException if the bytes exceed the limit
   */
  byte[] key(K key) {
    byte[] bytes = lookupKey(key);
    if (bytes.length > KvStore.MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key has "
              + bytes.length
              + " bytes, more than MAX_KEY_BYTES = "
              + KvStore.MAX_KEY_BYTES);
    }
    return bytes;
  }

  /** Encodes the bounds of a range of keys. */
  ByteRange range(KeyRange<K> range) {
    return ByteRange.of(range, keys);
  }

  K decodedKey(byte[] key) {
    return keys.decode(key);
  }

  /** Encodes a value for a comparison. */
  byte[] expected(V value) {
    Objects.requireNonNull(value, "expected");
    return values.encode(value);
  }

  /**
   * Encodes a value for a write.
   *
   * @throws IllegalArgumentException if the bytes exceed the limit
   */
  byte[] value(V value) {
    Objects.requireNonNull(value, "value");
    byte[] bytes = values.encode(value);
    if (bytes.length > maxValueBytes) {
      throw new IllegalArgumentException(
          "the value has " + bytes.length + " bytes, more than maxValueBytes = " + maxValueBytes);
    }
    return bytes;
  }

  /**
   * Returns whether stored bytes are of an equal value: a value that was written before its class
   * changed has other bytes than an equal one has now.
   */
  boolean isSame(byte[] written, byte[] now) {
    return values instanceof StoredCodec.Bound
        && Arrays.equals(values.encode(values.decode(written)), now);
  }

  @Nullable V decoded(@Nullable PutRecord record) {
    return record == null ? null : values.decode(record.value());
  }

  V decodedValue(byte[] value) {
    return values.decode(value);
  }

  Entry<K, V> entry(StoredRecord record) {
    return entry(keys.decode(record.key()), record);
  }

  Entry<K, V> entry(K key, PutRecord record) {
    Instant expiresAt = record.hasDeadline() ? Instant.ofEpochMilli(record.deadline()) : null;
    return new Entry<>(
        key, values.decode(record.value()), record.sequence(), expiresAt, record.label());
  }

  /** Returns whether values are encoded as longs, as {@link Increment} needs them. */
  boolean holdsLongs() {
    return values.equals(Codecs.longs());
  }

  /**
   * Encodes a batch.
   *
   * @throws IllegalArgumentException if a key, a value, or the whole batch is too large
   */
  BatchWrite.Encoded batch(Batch<K, V> batch, Stripes stripes, Expiry expiry) {
    List<BatchWrite.Check> checks = new ArrayList<>();
    for (Batch.Precondition<K> precondition : batch.preconditions()) {
      checks.add(new BatchWrite.Check(key(precondition.key()), condition(precondition)));
    }
    List<Change> changes = new ArrayList<>();
    long bytes = 0;
    for (Batch.Operation<K, V> operation : batch.operations()) {
      Change change = change(operation, stripes, expiry);
      changes.add(change);
      bytes += change.newRecord().size();
      if (bytes > Batch.MAX_BYTES && batch.operations().size() > 1) {
        throw new IllegalArgumentException(
            "the batch takes more than MAX_BYTES = " + Batch.MAX_BYTES + " bytes in the log");
      }
    }
    return new BatchWrite.Encoded(checks, changes);
  }

  private static Condition condition(Batch.Precondition<?> precondition) {
    return switch (precondition.requirement()) {
      case ABSENT -> Condition.ABSENT;
      case PRESENT -> Condition.PRESENT;
      case VERSION -> Condition.version(precondition.version());
    };
  }

  private Change change(Batch.Operation<K, V> operation, Stripes stripes, Expiry expiry) {
    byte[] key = key(operation.key());
    V value = operation.value();
    if (value == null) {
      return stripes.newDelete(key);
    }
    PutOptions options = operation.options();
    return stripes.newPut(key, value(value), expiry.deadline(options), options.label());
  }
}
