package io.kvstore.segment;

import io.kvstore.log.Log;
import io.kvstore.record.LogRecord;
import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The totals of the records of one segment, counted as they are appended; guarded by the lock of
 * the {@link Log}, except for the deadline, which is read without it.
 */
public final class SegmentTotals {
  /** The offset of the last record, 0 if there is none. */
  private int lastAt;

  /** The fingerprint of that record when it was scanned; null if it was appended since. */
  private @Nullable RecordFingerprint found = RecordFingerprint.NONE;

  /** The offset of the last appended change, or of the last scanned record. */
  private int anchorAt;

  /** As {@link SegmentLinks#next}. */
  private int next;

  private int writer;
  private long lastSequence;
  private long putBytes;
  private long tombstoneBytes;

  /**
   * The pin: no put in this segment can be hidden by an older change than this; 0 if there is no
   * change.
   */
  private long pin;

  /** The earliest deadline of all puts in this segment. */
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

  /** Sets the totals to the result of a scan. */
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

  /** Returns the result that a scan of the whole segment would have. */
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
