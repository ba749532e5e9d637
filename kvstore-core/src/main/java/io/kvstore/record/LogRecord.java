package io.kvstore.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.log.Log;
import io.kvstore.platform.LittleEndian;
import io.kvstore.platform.SharedSync;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A record for one attempt to append it: {@link Log#append} assigns its sequence and location, and
 * completes {@link #done} when it is durable. A further attempt needs a new record, from a {@link
 * Change} or from the values themselves. The log copies the arrays and keeps neither; they must not
 * be modified while the record is in use.
 */
public final class LogRecord implements PutRecord {
  private static final byte[] NONE = {};

  private final byte type;
  private final byte[] key;

  /** The value, followed by the label if there is one. */
  private final byte[] payload;

  /** The deadline or null; boxed because it is rare, so that other records need no extra memory. */
  private final @Nullable Long deadline;

  private byte flags;
  private boolean claimed;
  private long sequence;
  private long location;
  private CompletableFuture<Void> done = SharedSync.DONE;

  private LogRecord(byte type, byte[] key, byte[] payload, @Nullable Long deadline) {
    this.type = type;
    this.key = key;
    this.payload = payload;
    this.deadline = deadline;
    this.flags = deadline == null ? 0 : RecordFormat.DEADLINE;
  }

  /** Returns the record of a put. */
  public static LogRecord put(byte[] key, byte[] value) {
    return new LogRecord(RecordFormat.PUT, key, value, null);
  }

  /**
   * Returns the record of a put that expires.
   *
   * @param deadline as in {@link PutRecord#deadline()}; the largest long for none
   */
  public static LogRecord put(byte[] key, byte[] value, long deadline) {
    boolean never = deadline == RecordFormat.NO_DEADLINE;
    return new LogRecord(RecordFormat.PUT, key, value, never ? null : deadline);
  }

  /**
   * Returns the record of a put with deadline and label.
   *
   * @param deadline as in {@link PutRecord#deadline()}
   * @param label as in {@link PutRecord#label()}, or null
   */
  public static LogRecord put(byte[] key, byte[] value, long deadline, @Nullable String label) {
    if (label == null) {
      return put(key, value, deadline);
    }
    LogRecord put = put(key, RecordFormat.payload(value, label.getBytes(UTF_8)), deadline);
    put.flags |= RecordFormat.LABEL;
    return put;
  }

  /** Returns the record of a delete. */
  public static LogRecord tombstone(byte[] key) {
    return new LogRecord(RecordFormat.TOMBSTONE, key, NONE, null);
  }

  /**
   * Returns a sync marker, a "mark" in the format.
   *
   * @param writer the tag of its writer
   */
  public static LogRecord mark(long syncedSequence, int writer) {
    return control(RecordFormat.MARK, syncedSequence, writer);
  }

  /**
   * Returns a seal.
   *
   * @param note in the log, the secret of the next segment
   */
  public static LogRecord seal(long lastSequence, int note) {
    return control(RecordFormat.SEAL, lastSequence, note);
  }

  private static LogRecord control(byte type, long sequence, int note) {
    LogRecord record = new LogRecord(type, NONE, LittleEndian.bytes(note), null);
    record.sequence = sequence;
    return record;
  }

  /** Returns the key, which must not be modified. */
  public byte[] key() {
    return key;
  }

  /**
   * Returns the value with its label, or the note of a sync marker or a seal; it must not be
   * modified.
   */
  byte[] payload() {
    return payload;
  }

  private boolean hasLabel() {
    return (flags & RecordFormat.LABEL) != 0;
  }

  private int valueLength() {
    return hasLabel() ? RecordFormat.valueLength(payload) : payload.length;
  }

  @Override
  public byte[] value() {
    return Arrays.copyOf(payload, valueLength());
  }

  @Override
  public boolean hasValue(byte[] bytes) {
    return Arrays.equals(payload, 0, valueLength(), bytes, 0, bytes.length);
  }

  @Override
  public @Nullable String label() {
    int length = valueLength();
    return hasLabel() ? new String(payload, length, payload.length - 1 - length, UTF_8) : null;
  }

  @Override
  public boolean hasDeadline() {
    return deadline != null;
  }

  @Override
  public long deadline() {
    return deadline == null ? RecordFormat.NO_DEADLINE : deadline;
  }

  byte flags() {
    return flags;
  }

  /** Returns whether the next record belongs to the same batch. */
  public boolean hasMore() {
    return (flags & RecordFormat.MORE) != 0;
  }

  /** Marks this record as one of a batch, and not its last. */
  public void setMore() {
    flags |= RecordFormat.MORE;
  }

  /**
   * Begins the only attempt to append this record.
   *
   * @throws IllegalStateException if there was an earlier attempt, which may have set sequence and
   *     flags
   */
  public void claim() {
    if (claimed) {
      throw new IllegalStateException("a record is appended once; another attempt needs a new one");
    }
    claimed = true;
  }

  /** Returns the note of a sync marker or a seal. */
  public int note() {
    return LittleEndian.getInt(payload);
  }

  public byte type() {
    return type;
  }

  /** Returns whether this is the record of a delete. */
  public boolean isTombstone() {
    return type == RecordFormat.TOMBSTONE;
  }

  /** Returns whether this is a put or a delete, and not a sync marker or a seal. */
  public boolean isChange() {
    return type == RecordFormat.PUT || type == RecordFormat.TOMBSTONE;
  }

  /** Returns the size of the record in the log, in bytes. */
  public int size() {
    return RecordFormat.size(key.length, payload.length, flags);
  }

  /** Returns whether a batch has a put. */
  public static boolean hasPut(List<LogRecord> batch) {
    for (LogRecord record : batch) {
      if (!record.isTombstone()) {
        return true;
      }
    }
    return false;
  }

  /** Returns the size of the records of a batch, in bytes. */
  public static int size(List<LogRecord> batch) {
    int size = 0;
    for (LogRecord record : batch) {
      size += record.size();
    }
    return size;
  }

  /** Returns the sequence of the change, after it has been appended. */
  @Override
  public long sequence() {
    return sequence;
  }

  /** Returns the location of the record, after it has been appended. */
  public long location() {
    return location;
  }

  /**
   * Returns a future that completes once the record is as durable as the store's durability mode
   * requires.
   */
  public CompletableFuture<Void> done() {
    return done;
  }

  public void number(long sequence) {
    this.sequence = sequence;
  }

  public void place(long location) {
    this.location = location;
  }

  public void completedBy(CompletableFuture<Void> done) {
    this.done = done;
  }
}
