package io.kvstore.server.http.message;

import io.kvstore.Batch;
import io.kvstore.KvStore;
import java.time.Duration;

/**
 * The limits of the main port: what one client can make the server hold, and for how long.
 *
 * @param maxValueBytes the longest value that a PUT or POST may bring
 * @param maxHeaderBytes all header fields of a request together
 * @param maxConnections how many clients there may be at once
 * @param maxWaitingWrites writes that wait for the store at once
 * @param idleTime a connection on which nothing happens is closed after this
 * @param deliveryTime the head of a request has to be there in this time, and so has every further
 *     {@link #DELIVERY_BYTES} of its body
 * @param lingerTime after a last answer, how long the client may take to read it and hang up
 * @param streams what listings and watches may take
 */
public record HttpLimits(
    int maxValueBytes,
    int maxHeaderBytes,
    int maxConnections,
    int maxWaitingWrites,
    Duration idleTime,
    Duration deliveryTime,
    Duration lingerTime,
    StreamLimits streams) {

  /** The usual {@link #idleTime}. */
  static final Duration IDLE_TIME = Duration.ofSeconds(60);

  /** The usual {@link #deliveryTime}. */
  static final Duration DELIVERY_TIME = Duration.ofSeconds(30);

  /** The usual {@link #lingerTime}. */
  static final Duration LINGER_TIME = Duration.ofSeconds(2);

  /** The longest request line: a key of full length, every byte escaped, and what is around it. */
  public static final int MAX_REQUEST_LINE_BYTES = 3 * KvStore.MAX_KEY_BYTES + (8 << 10);

  /** The usual {@link #maxHeaderBytes}. */
  static final int MAX_HEADER_BYTES = 16 << 10;

  /** How many header fields a request may have, those behind its body included. */
  static final int MAX_HEADER_FIELDS = 256;

  /** The usual {@link #maxConnections}. */
  static final int MAX_CONNECTIONS = 10_000;

  /** The usual {@link #maxWaitingWrites}. */
  static final int MAX_WAITING_WRITES = 10_000;

  /** A body with a request that has no use for one is skipped up to here. */
  public static final int MAX_IGNORED_BODY_BYTES = 64 << 10;

  /** A byte of a value takes at most this many in JSON: {@code \}{@code u0041}. */
  static final int JSON_BYTES_PER_VALUE_BYTE = 6;

  /** What else a JSON body may hold: braces, spaces, fields that are ignored. */
  static final int MAX_JSON_EXTRA_BYTES = 64 << 10;

  /** Objects within objects, in a field that is ignored. */
  static final int MAX_JSON_DEPTH = 64;

  /** Values up to here are copied behind their head; longer ones go out from where they lie. */
  public static final int MAX_COPIED_VALUE_BYTES = 16 << 10;

  /**
   * How often a write that depends on several tags, or on those that an entry must not have, is
   * tried while other writes of the key come in between.
   */
  public static final int MAX_WRITE_ATTEMPTS = 100;

  /** Texts shorter than this are not worth compressing. */
  public static final int MIN_COMPRESSED_VALUE_BYTES = 2 << 10;

  /** Texts longer than this would hold the event loop while they are compressed. */
  public static final int MAX_COMPRESSED_VALUE_BYTES = 64 << 10;

  /** Answers gathered before they become one write. */
  public static final int MAX_BATCH_BYTES = 64 << 10;

  /** Answers that the client has not taken: below the first, reading goes on; above, it stops. */
  public static final int RESUME_PENDING_BYTES = 64 << 10;

  public static final int MAX_PENDING_BYTES = 256 << 10;

  /** The body of a batch: room for {@link Batch#MAX_BYTES} in Base64, and what is around it. */
  public static final int MAX_BATCH_JSON_BYTES = 2 * Batch.MAX_BYTES;

  /** The body of a batch up to which it is read on the event loop. */
  public static final int MAX_LOOP_JSON_BYTES = 64 << 10;

  /** Entries of a listing that are taken from the store before others have a turn. */
  public static final int ENTRIES_PER_TURN = 256;

  /** A piece of a body: see {@link #deliveryTime}. */
  public static final int DELIVERY_BYTES = 64 << 10;

  /** With the usual numbers. */
  public HttpLimits(
      int maxValueBytes,
      Duration idleTime,
      Duration deliveryTime,
      Duration lingerTime,
      StreamLimits streams) {
    this(
        maxValueBytes,
        MAX_HEADER_BYTES,
        MAX_CONNECTIONS,
        MAX_WAITING_WRITES,
        idleTime,
        deliveryTime,
        lingerTime,
        streams);
  }

  /** The usual limits. */
  public static HttpLimits of(int maxValueBytes) {
    return new HttpLimits(
        maxValueBytes,
        MAX_HEADER_BYTES,
        MAX_CONNECTIONS,
        MAX_WAITING_WRITES,
        IDLE_TIME,
        DELIVERY_TIME,
        LINGER_TIME,
        StreamLimits.USUAL);
  }

  /** Returns the same but for some numbers. */
  public HttpLimits with(int newMaxConnections, int newMaxWaitingWrites, int newMaxHeaderBytes) {
    return new HttpLimits(
        maxValueBytes,
        newMaxHeaderBytes,
        newMaxConnections,
        newMaxWaitingWrites,
        idleTime,
        deliveryTime,
        lingerTime,
        streams);
  }

  /** Returns the same but for some times. */
  public HttpLimits with(Duration newIdleTime, Duration newDeliveryTime) {
    return new HttpLimits(
        maxValueBytes,
        maxHeaderBytes,
        maxConnections,
        maxWaitingWrites,
        newIdleTime,
        newDeliveryTime,
        lingerTime,
        streams);
  }

  /** The longest JSON body of a POST. */
  public int maxJsonBytes() {
    long bytes = (long) JSON_BYTES_PER_VALUE_BYTE * maxValueBytes + MAX_JSON_EXTRA_BYTES;
    return (int) Math.min(bytes, Integer.MAX_VALUE - 8);
  }
}
