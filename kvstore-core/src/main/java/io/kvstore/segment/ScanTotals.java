package io.kvstore.segment;

import io.kvstore.record.RecordFormat;
import java.nio.ByteBuffer;

/** The running totals of the scan of one segment. */
public final class ScanTotals {
  private final boolean compacted;
  private int end;
  private boolean sealed;
  private long lastSequence;
  private long marked;
  private long pin;
  private long putBytes;
  private long tombstoneBytes;
  private long soonestDeadline;
  private int lastAt;
  private int lastChecksum;
  private int next;
  private int writer;

  /**
   * @param start the result of an earlier scan
   */
  ScanTotals(SegmentScan start, boolean compacted) {
    this.compacted = compacted;
    this.end = start.end();
    this.sealed = start.sealed();
    this.lastSequence = start.lastSequence();
    this.marked = start.markedSequence();
    this.pin = start.pin();
    this.putBytes = start.putBytes();
    this.tombstoneBytes = start.tombstoneBytes();
    this.soonestDeadline = start.soonestDeadline();
    this.lastAt = start.bonds().last().at();
    this.lastChecksum = start.bonds().last().checksum();
    this.next = start.bonds().next();
    this.writer = start.bonds().writer();
  }

  /** Returns the end of the counted records. */
  int end() {
    return end;
  }

  boolean sealed() {
    return sealed;
  }

  /**
   * Counts the next record.
   *
   * @param i its offset in the buffer; only its header need be there
   */
  void add(ByteBuffer buffer, int i, int size) {
    long sequence = RecordFormat.sequence(buffer, i);
    lastAt = end;
    lastChecksum = RecordFormat.checksum(buffer, i);
    end += size;
    switch (RecordFormat.type(buffer, i)) {
      case RecordFormat.MARK -> {
        marked = Math.max(marked, sequence);
        writer = RecordFormat.note(buffer, i);
      }
      case RecordFormat.SEAL -> {
        sealed = true;
        next = RecordFormat.note(buffer, i);
        pin = compacted ? sequence : pin;
      }
      case RecordFormat.PUT -> {
        putBytes += size;
        changed(sequence);
      }
      default -> {
        tombstoneBytes += size;
        changed(sequence);
      }
    }
  }

  private void changed(long sequence) {
    lastSequence = Math.max(lastSequence, sequence);
    pin = pin == 0 ? sequence : pin;
  }

  /** Counts the deadline of a put. */
  void addDeadline(long deadline) {
    soonestDeadline = Math.min(soonestDeadline, deadline);
  }

  /**
   * @param dataEnd the end of the last non-zero bytes
   */
  SegmentScan result(int dataEnd) {
    return new SegmentScan(
        end,
        sealed,
        dataEnd,
        lastSequence,
        marked,
        pin,
        putBytes,
        tombstoneBytes,
        soonestDeadline,
        new SegmentLinks(new RecordFingerprint(lastAt, lastChecksum), next, writer));
  }
}
