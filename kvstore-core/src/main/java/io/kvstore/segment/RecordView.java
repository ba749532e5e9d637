package io.kvstore.segment;

import io.kvstore.CorruptStoreException;
import io.kvstore.PutOptions;
import io.kvstore.ValueView;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A view of a record in the log, which is read without a copy. It is stable while its segment can't
 * be dropped: because of the lock of its stripe, an open snapshot, or a {@linkplain #hold hold}.
 * Without any of these, each method returns the data of the record or throws {@link SegmentReused}.
 */
public final class RecordView implements StoredRecord {
  /** The maximum length of a value that is copied rather than held. */
  private static final int MAX_COPIED_BYTES = 16 << 10;

  private final Segment segment;
  private final int offset;

  RecordView(Segment segment, int offset) {
    this.segment = segment;
    this.offset = offset;
  }

  // ---- integrity

  /**
   * Verifies the record, unless it is known to be intact; called before the record is used.
   *
   * @throws CorruptStoreException if it is not what was written
   */
  public void check() {
    if (!isWhole()) {
      throw damage();
    }
  }

  /** Returns the exception for a record that is not what was written. */
  public CorruptStoreException damage() {
    return segment.damage(offset);
  }

  void reportTo(DamageReport report) {
    report.add(segment, offset, offset);
  }

  /** Returns whether the record is intact: known to be, or verified now. */
  public boolean isWhole() {
    try {
      return sure(segment.isWhole(offset));
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  /**
   * Returns whether this can be the record of a key; for a damaged record, as far as its header is
   * plausible.
   */
  public boolean mayHold(byte[] key) {
    return segment.mayHold(offset, key);
  }

  /** Returns the probable key of a record that may be damaged, or null if it can't be read. */
  public byte @Nullable [] likelyKey() {
    return segment.isPlausible(offset) ? segment.key(offset) : null;
  }

  // ---- validity

  /**
   * Holds the segment, so that the record stays valid until {@link #release}.
   *
   * @return false if the segment may already be reused
   */
  public boolean hold() {
    return segment.use().hold();
  }

  /** Releases one {@link #hold}. */
  public void release() {
    segment.use().release();
  }

  /**
   * Returns the identity of the segment that is held with the record: the same object for all its
   * records.
   */
  public Object segment() {
    return segment;
  }

  private boolean sure(boolean read) {
    segment.use().require();
    return read;
  }

  private long sure(long read) {
    segment.use().require();
    return read;
  }

  private <T> T sure(T read) {
    segment.use().require();
    return read;
  }

  /**
   * Returns the exception to throw: in a reused segment, invalid lengths can cause any exception.
   */
  private RuntimeException explained(RuntimeException e) {
    return segment.use().isCurrent() ? e : new SegmentReused();
  }

  // ---- content

  /** Prefetches the record into the processor cache; the returned value has no meaning. */
  public long fetch() {
    try {
      return segment.fetch(offset);
    } catch (IllegalStateException e) {
      throw explained(e);
    }
  }

  /** Returns whether this is the record of a key. */
  public boolean holds(byte[] key) {
    try {
      return sure(segment.holds(offset, key));
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  /** Returns whether two records have the same key; neither can be dropped meanwhile. */
  public boolean hasKeyOf(RecordView other) {
    return segment.holds(offset, other.segment, other.offset);
  }

  @Override
  public byte[] key() {
    try {
      return sure(segment.key(offset));
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  @Override
  public byte[] value() {
    try {
      return sure(segment.value(offset));
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  @Override
  public boolean hasValue(byte[] bytes) {
    return segment.valueView(offset).equals(ByteBuffer.wrap(bytes));
  }

  @Override
  public boolean hasDeadline() {
    return deadline() != RecordFormat.NO_DEADLINE;
  }

  @Override
  public long deadline() {
    try {
      return sure(segment.deadline(offset));
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  /** Returns whether {@link #valueView} need not copy the value. */
  public boolean isLarge() {
    try {
      return sure(segment.valueLength(offset)) > MAX_COPIED_BYTES;
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  /**
   * Returns the value, without a copy if it is large: the segment is then held for as long as the
   * store is open. The value is always copied if another process may reuse the segment, since a
   * hold does not prevent that.
   */
  public ValueView valueView() {
    ByteBuffer bytes;
    try {
      if (segment.use().isWatched() || sure(segment.valueLength(offset)) <= MAX_COPIED_BYTES) {
        bytes = ByteBuffer.wrap(value()).asReadOnlyBuffer();
      } else if (segment.use().keep()) {
        bytes = segment.valueView(offset);
      } else {
        throw new SegmentReused();
      }
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
    return new ValueView(bytes, sequence(), expiresAt(), label());
  }

  private @Nullable Instant expiresAt() {
    long deadline = deadline();
    return deadline == RecordFormat.NO_DEADLINE ? null : Instant.ofEpochMilli(deadline);
  }

  /** Returns a copy on the heap. */
  public StoredRecord copy() {
    return new RecordCopy(this);
  }

  /** Returns the options that put the value with the same deadline and label. */
  public PutOptions options() {
    return new PutOptions(null, expiresAt(), label());
  }

  @Override
  public @Nullable String label() {
    try {
      String label = segment.label(offset);
      segment.use().require();
      return label;
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  /** Returns whether this is the record of a delete. */
  public boolean isTombstone() {
    return segment.type(offset) == RecordFormat.TOMBSTONE;
  }

  /** Returns whether this is a put or a delete, and not a sync marker or a seal. */
  public boolean isChange() {
    return segment.type(offset) <= RecordFormat.TOMBSTONE;
  }

  @Override
  public int size() {
    return segment.size(offset);
  }

  @Override
  public long sequence() {
    try {
      return sure(segment.sequence(offset));
    } catch (IllegalStateException e) {
      throw explained(e);
    }
  }

  /** Counts the record as stale: the index no longer points at it. */
  public void becomeStale() {
    segment.addStale(offset);
  }

  /** Counts a damaged record as stale. */
  public void becomeStaleDamage() {
    segment.addStaleDamage();
  }
}
