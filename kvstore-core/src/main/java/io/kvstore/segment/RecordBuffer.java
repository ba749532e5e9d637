package io.kvstore.segment;

import io.kvstore.CorruptStoreException;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The read side of a {@link Segment}: the fields of a record, by its offset in the buffer.
 *
 * <p>Readers need no lock, since bytes that were published with a location are never overwritten
 * while the segment is in the store. After a read they check with {@link #use} that it still is.
 */
public abstract sealed class RecordBuffer permits Segment {
  private static final int CACHE_LINE_BYTES = 64;

  final ByteBuffer buffer;
  private final ByteBuffer readOnly;
  private final @Nullable Path file;
  private final int secret;
  private final SegmentUse use = new SegmentUse();

  /** Whether the records are known to be intact: they were written by this process, or scanned. */
  boolean checked = true;

  RecordBuffer(int secret, @Nullable Path file, ByteBuffer buffer) {
    this.secret = secret;
    this.file = file;
    this.buffer = buffer.order(ByteOrder.LITTLE_ENDIAN);
    this.readOnly = buffer.asReadOnlyBuffer();
  }

  /**
   * Verifies a record, unless it is known to be intact.
   *
   * @throws CorruptStoreException if it is not what was written
   */
  void check(int at) {
    if (!isWhole(at)) {
      throw damage(at);
    }
  }

  public CorruptStoreException damage(int at) {
    return new CorruptStoreException(
        Objects.requireNonNull(file), at, "the record is not what was written");
  }

  /** Returns whether a record is intact: known to be, or verified now. */
  boolean isWhole(int at) {
    return checked || isWrittenAt(at);
  }

  /** Returns whether the bytes at an offset are an intact record. */
  public boolean isWrittenAt(int at) {
    if (!isPlausible(at)) {
      return false;
    }
    CRC32C crc = new CRC32C();
    int from = at + RecordFormat.CHECKED_FROM;
    crc.update(buffer.slice(from, at + RecordFormat.size(buffer, at) - from));
    return (int) crc.getValue() == (RecordFormat.checksum(buffer, at) ^ secret);
  }

  /** Returns whether the bytes at an offset can be a record that lies wholly inside the segment. */
  boolean isPlausible(int at) {
    return at <= buffer.capacity() - RecordFormat.HEADER_BYTES
        && RecordFormat.isPlausible(buffer, at, (long) buffer.capacity() - at);
  }

  /**
   * Returns whether a damaged record can be the record of a key, as far as its header is plausible.
   */
  boolean mayHold(int at, byte[] key) {
    return isPlausible(at) && holds(at, key);
  }

  boolean holds(int at, byte[] key) {
    return StoredKey.is(buffer, at, key);
  }

  boolean holds(int at, Segment other, int otherAt) {
    return StoredKey.isSame(buffer, at, other.buffer, otherAt);
  }

  /**
   * Prefetches the cache lines behind a record's first one. The offset of the value is known only
   * once the header has been loaded; these loads depend on nothing, so they run in parallel with
   * that of the header.
   *
   * @return the loaded bytes; the caller must use them, or the compiler removes the loads
   */
  long fetch(int at) {
    int last = buffer.capacity() - Long.BYTES;
    return buffer.getLong(Math.min(at + CACHE_LINE_BYTES, last))
        ^ buffer.getLong(Math.min(at + 2 * CACHE_LINE_BYTES, last));
  }

  public byte[] key(int at) {
    byte[] key = new byte[RecordFormat.keyLength(buffer, at)];
    buffer.get(RecordFormat.keyAt(at), key);
    return key;
  }

  public byte[] value(int at) {
    int length = valueLength(at);
    use.require(); // or an invalid length may exhaust the memory
    byte[] value = new byte[length];
    buffer.get(valueAt(at), value);
    return value;
  }

  int valueLength(int at) {
    return RecordFormat.valueLength(buffer, at);
  }

  ByteBuffer valueView(int at) {
    return readOnly.slice(valueAt(at), RecordFormat.valueLength(buffer, at));
  }

  @Nullable String label(int at) {
    if (!RecordFormat.hasLabel(buffer, at)) {
      return null;
    }
    byte[] label = new byte[RecordFormat.labelLength(buffer, at)];
    buffer.get(valueAt(at) + RecordFormat.valueLength(buffer, at), label);
    return new String(label, StandardCharsets.UTF_8);
  }

  public byte type(int at) {
    return RecordFormat.type(buffer, at);
  }

  int size(int at) {
    return RecordFormat.size(buffer, at);
  }

  public long sequence(int at) {
    return RecordFormat.sequence(buffer, at);
  }

  boolean hasDeadline(int at) {
    return RecordFormat.hasDeadline(buffer, at);
  }

  public long deadline(int at) {
    return hasDeadline(at)
        ? buffer.getLong(at + RecordFormat.deadlineOffset(buffer, at))
        : RecordFormat.NO_DEADLINE;
  }

  private int valueAt(int at) {
    return RecordFormat.keyAt(at) + RecordFormat.keyLength(buffer, at);
  }

  /** Returns the buffer, which must only be read. */
  public ByteBuffer content() {
    return buffer;
  }

  /** Returns the count of readers that may still use the segment after it is dropped. */
  public SegmentUse use() {
    return use;
  }

  /** Returns the secret that the checksums of all records include. */
  public int secret() {
    return secret;
  }

  /** Returns the file, or null if the segment is in memory. */
  public @Nullable Path file() {
    return file;
  }
}
