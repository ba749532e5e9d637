package io.kvstore.segment;

import io.kvstore.log.Log;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Totals of the records of one segment, counted as they are appended; guarded by the lock of the
 * {@link Log}, but for the deadline, which is read without it.
 */
public final class SegmentTotals {
  /** Where the last record starts, 0 if there is none. */
  private int lastAt;

  /** What that record had been when it was read; null if it is newer. */
  private @Nullable RecordFingerprint found = RecordFingerprint.NONE;

  /** Where the last change starts that was appended, or the last record that was there before. */
  private int anchorAt;

  /** What {@link SegmentLinks} says. */
  private int next;

  private int writer;
  private long lastSequence;
  private long putBytes;
  private long tombstoneBytes;

  /** No older put can be hidden by a change that is older than this; 0 if there is no change. */
  private long pin;

  /** Of all puts in here. */
  private volatile long soonestDeadline = RecordFormat.NO_DEADLINE;

  /** Counts a record that has been written. */
  void add(LogRecord record, int at) {
    lastAt = at;
    found = null;
    if (record.isChange()) {
      anchorAt = at;
      lastSequence = record.sequence();
      pin = pin == 0 ? lastSequence : pin;
    }
    switch (record.type()) {
      case RecordFormat.PUT -> {
        putBytes += record.size();
        if (record.deadline() < soonestDeadline) {
          soonestDeadline = record.deadline();
        }
      }
      case RecordFormat.TOMBSTONE -> tombstoneBytes += record.size();
      case RecordFormat.MARK -> writer = record.note();
      default -> next = record.note();
    }
  }

  /** Takes over what a scan has found. */
  void take(SegmentScan scan) {
    lastSequence = scan.lastSequence();
    putBytes = scan.putBytes();
    soonestDeadline = scan.soonestDeadline();
    tombstoneBytes = scan.tombstoneBytes();
    pin = scan.pin();
    found = scan.bonds().last();
    lastAt = found.at();
    anchorAt = lastAt;
    next = scan.bonds().next();
    writer = scan.bonds().writer();
  }

  /** Returns what a scan of the whole segment would find. */
  SegmentScan asScan(ByteBuffer segment, int end, boolean sealed) {
    return new SegmentScan(
        end,
        sealed,
        end,
        lastSequence,
        0,
        pin,
        putBytes,
        tombstoneBytes,
        soonestDeadline,
        new SegmentLinks(last(segment), next, writer));
  }

  /** Returns the fingerprint of the last record, even if that has been damaged since. */
  RecordFingerprint last(ByteBuffer segment) {
    RecordFingerprint known = found;
    return known == null ? RecordFingerprint.of(segment, lastAt) : known;
  }

  int anchorAt() {
    return anchorAt;
  }

  int writer() {
    return writer;
  }

  long lastSequence() {
    return lastSequence;
  }

  long putBytes() {
    return putBytes;
  }

  long tombstoneBytes() {
    return tombstoneBytes;
  }

  long pin() {
    return pin;
  }

  long soonestDeadline() {
    return soonestDeadline;
  }

  void sweptUntil(long soonestDeadline) {
    this.soonestDeadline = soonestDeadline;
  }
}
