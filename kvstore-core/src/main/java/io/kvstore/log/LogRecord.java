package io.kvstore.log;

import java.util.concurrent.CompletableFuture;

/**
 * A record on its way into the log. The appender makes it; {@link Log#append} numbers it, gives it
 * its location, and says when it is safe. The log copies the arrays and keeps neither.
 */
public final class LogRecord {
  private static final byte[] NONE = {};

  private final byte type;
  private final byte[] key;
  private final byte[] value;
  private final int size;
  private long sequence;
  private long location;
  private CompletableFuture<Void> done = Log.DONE;

  private LogRecord(byte type, byte[] key, byte[] value) {
    this.type = type;
    this.key = key;
    this.value = value;
    this.size = RecordFormat.size(key.length, value.length);
  }

  /** Returns the record of a put. */
  public static LogRecord put(byte[] key, byte[] value) {
    return new LogRecord(RecordFormat.PUT, key, value);
  }

  /** Returns the record of a delete. */
  public static LogRecord tombstone(byte[] key) {
    return new LogRecord(RecordFormat.TOMBSTONE, key, NONE);
  }

  static LogRecord mark(long syncedSequence) {
    LogRecord mark = new LogRecord(RecordFormat.MARK, NONE, NONE);
    mark.sequence = syncedSequence;
    return mark;
  }

  static LogRecord seal(long lastSequence) {
    LogRecord seal = new LogRecord(RecordFormat.SEAL, NONE, NONE);
    seal.sequence = lastSequence;
    return seal;
  }

  /** Returns the key; nobody changes it. */
  public byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  byte type() {
    return type;
  }

  /** Returns whether this is the record of a delete. */
  public boolean isTombstone() {
    return type == RecordFormat.TOMBSTONE;
  }

  /** Returns whether this is a put or a delete, and not a record of the log's own. */
  boolean isChange() {
    return type == RecordFormat.PUT || type == RecordFormat.TOMBSTONE;
  }

  /** Returns the bytes that it takes in the log. */
  public int size() {
    return size;
  }

  /** Returns the number of the change; to be asked once it has been appended. */
  public long sequence() {
    return sequence;
  }

  /** Returns where it lies; to be asked once it has been appended. */
  public long location() {
    return location;
  }

  /** Completes once the record is as safe as the store's durability demands. */
  public CompletableFuture<Void> done() {
    return done;
  }

  void number(long sequence) {
    this.sequence = sequence;
  }

  void place(long location) {
    this.location = location;
  }

  void completedBy(CompletableFuture<Void> done) {
    this.done = done;
  }
}
