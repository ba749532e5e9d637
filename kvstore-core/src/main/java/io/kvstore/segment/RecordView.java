package io.kvstore.segment;

import io.kvstore.CorruptStoreException;
import io.kvstore.PutOptions;
import io.kvstore.ValueView;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A record in the log, to be read without a copy. It does not change as long as it can't be
 * dropped: by the lock of its stripe, by an open snapshot, or because it is {@linkplain #hold
 * held}. For anybody else each method tells what the record is, or throws {@link SegmentReused}.
 */
public final class RecordView implements StoredRecord {
  /** Values of up to so many bytes are copied rather than held. */
  private static final int MAX_COPIED_BYTES = 16 << 10;

  private final Segment segment;
  private final int offset;

  RecordView(Segment segment, int offset) {
    this.segment = segment;
    this.offset = offset;
  }

  // ---- whether it is whole

  /**
   * Makes sure that this is what was written, where no scan has; to be called before the record is
   * used.
   *
   * @throws CorruptStoreException if it is not
   */
  public void check() {
    if (!isWhole()) {
      throw damage();
    }
  }

  /** Returns what is to be thrown if this is not what was written. */
  public CorruptStoreException damage() {
    return segment.damage(offset);
  }

  void reportTo(DamageReport report) {
    report.add(segment, offset, offset);
  }

  /** Tells whether this is what was written, where no scan has made sure of it. */
  public boolean isWhole() {
    try {
      return sure(segment.isWhole(offset));
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  /** Tells whether this is the record of a key, of one that is damaged as far as can be told. */
  public boolean mayHold(byte[] key) {
    return segment.mayHold(offset, key);
  }

  /** Returns the key of a record that may be damaged, or null if there is none for sure. */
  public byte @Nullable [] likelyKey() {
    return segment.isPlausible(offset) ? segment.key(offset) : null;
  }

  // ---- whether it is still there

  /**
   * Keeps the record what it is until {@link #release}.
   *
   * @return false if it may not be that any more
   */
  public boolean hold() {
    return segment.use().hold();
  }

  /** Takes back one {@link #hold}. */
  public void release() {
    segment.use().release();
  }

  /** Returns what is held with the record: the same for all records of a segment. */
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

  /** Returns what is to be thrown: lengths that are no lengths lead anywhere. */
  private RuntimeException explained(RuntimeException e) {
    return segment.use().isCurrent() ? e : new SegmentReused();
  }

  // ---- what it says

  /** Brings what will be read of the record nearer to the processor, and returns anything. */
  public long fetch() {
    try {
      return segment.fetch(offset);
    } catch (IllegalStateException e) {
      throw explained(e);
    }
  }

  /** Tells whether this is the record of the key. */
  public boolean holds(byte[] key) {
    try {
      return sure(segment.holds(offset, key));
    } catch (IndexOutOfBoundsException | IllegalStateException e) {
      throw explained(e);
    }
  }

  /** Tells whether two records have the same key; neither can be dropped meanwhile. */
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

  /**
   * Returns the value, without a copy if it is large: the segment is held for as long as the store
   * is open then. One that another process may use again is copied: to hold it does not keep that
   * process from it.
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

  /** Returns a copy, which stays what it is. */
  public StoredRecord copy() {
    return new RecordCopy(this);
  }

  /** Returns what has to be said of the value to put it as it was put here. */
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

  /** Returns whether this is a put or a delete, and not a record of the log's own. */
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
