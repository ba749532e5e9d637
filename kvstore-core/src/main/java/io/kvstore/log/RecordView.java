package io.kvstore.log;

import io.kvstore.CorruptStoreException;
import io.kvstore.PutOptions;
import io.kvstore.ValueView;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A record in the log, to be read without a copy; it does not change, and stays readable. */
public final class RecordView implements PutRecord {
  private final Segment segment;
  private final int offset;

  RecordView(Segment segment, int offset) {
    this.segment = segment;
    this.offset = offset;
  }

  /**
   * Makes sure that this is what was written, where no scan has; to be called before the record is
   * used.
   *
   * @throws CorruptStoreException if it is not
   */
  public void check() {
    if (!segment.isWhole(offset)) {
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
    return segment.isWhole(offset);
  }

  /** Tells whether this is the record of a key, of one that is damaged as far as can be told. */
  public boolean mayHold(byte[] key) {
    return segment.mayHold(offset, key);
  }

  /** Returns the key of a record that may be damaged, or null if there is none for sure. */
  public byte @Nullable [] likelyKey() {
    return segment.isPlausible(offset) ? segment.key(offset) : null;
  }

  /** Brings what will be read of the record nearer to the processor, and returns anything. */
  public long fetch() {
    return segment.fetch(offset);
  }

  /** Tells whether this is the record of the key. */
  public boolean holds(byte[] key) {
    return segment.holds(offset, key);
  }

  /** Tells whether two records have the same key. */
  public boolean hasKeyOf(RecordView other) {
    return segment.holds(offset, other.segment, other.offset);
  }

  /** Returns a copy of the key. */
  public byte[] key() {
    return segment.key(offset);
  }

  @Override
  public byte[] value() {
    return segment.value(offset);
  }

  @Override
  public boolean hasValue(byte[] bytes) {
    return segment.valueView(offset).equals(ByteBuffer.wrap(bytes));
  }

  @Override
  public boolean hasDeadline() {
    return segment.hasDeadline(offset);
  }

  @Override
  public long deadline() {
    return segment.deadline(offset);
  }

  /** Returns the value without a copy. */
  public ValueView valueView() {
    Instant expiresAt = hasDeadline() ? Instant.ofEpochMilli(deadline()) : null;
    return new ValueView(segment.valueView(offset), sequence(), expiresAt, label());
  }

  /** Returns what has to be said of the value to put it as it was put here. */
  public PutOptions options() {
    Instant expiresAt = hasDeadline() ? Instant.ofEpochMilli(deadline()) : null;
    return new PutOptions(null, expiresAt, label());
  }

  @Override
  public @Nullable String label() {
    return segment.label(offset);
  }

  /** Returns whether this is the record of a delete. */
  public boolean isTombstone() {
    return segment.type(offset) == RecordFormat.TOMBSTONE;
  }

  /** Returns whether this is a put or a delete, and not a record of the log's own. */
  boolean isChange() {
    return segment.type(offset) <= RecordFormat.TOMBSTONE;
  }

  public int size() {
    return segment.size(offset);
  }

  @Override
  public long sequence() {
    return segment.sequence(offset);
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
