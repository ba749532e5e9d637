package io.kvstore.server.http.message;

import io.kvstore.Batch;
import io.kvstore.KvStore;
import io.kvstore.server.net.Turn;
import java.time.Duration;

/**
 * The limits of the main port: the resources that one client can hold, and for how long.
 *
 * @param maxValueBytes the longest value of a PUT or POST
 * @param maxHeaderBytes the total of a request's header fields
 * @param maxConnections the number of open connections
 * @param maxWaitingWrites the number of writes in flight
 * @param idleTime the time after which a connection without requests is closed
 * @param deliveryTime the time limit for the header section of a request, and for each further
 *     {@link #DELIVERY_BYTES} of its body
 * @param lingerTime how long a client may take to read a last response and close
 * @param streams the limits of listings and change feeds
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

  /** The default of {@link #idleTime}. */
  static final Duration IDLE_TIME = Duration.ofSeconds(60);

  /** The default of {@link #deliveryTime}. */
  static final Duration DELIVERY_TIME = Duration.ofSeconds(30);

  /** The default of {@link #lingerTime}. */
  static final Duration LINGER_TIME = Duration.ofSeconds(2);

  /**
   * The longest request line: a key of full length, every byte escaped, and the rest of the line.
   */
  public static final int MAX_REQUEST_LINE_BYTES = 3 * KvStore.MAX_KEY_BYTES + (8 << 10);

  /** The default of {@link #maxHeaderBytes}. */
  static final int MAX_HEADER_BYTES = 16 << 10;

  /** The number of header fields of a request, including trailers. */
  static final int MAX_HEADER_FIELDS = 256;

  /** The default of {@link #maxConnections}. */
  static final int MAX_CONNECTIONS = 10_000;

  /** The default of {@link #maxWaitingWrites}. */
  static final int MAX_WAITING_WRITES = 10_000;

  /** The length up to which a body is skipped if its request has no use for one. */
  public static final int MAX_IGNORED_BODY_BYTES = 64 << 10;

  /** The maximum number of bytes in JSON for one byte of a value: {@code \}{@code u0041}. */
  static final int JSON_BYTES_PER_VALUE_BYTE = 6;

  /** The rest of a JSON body: braces, spaces, fields that are ignored. */
  static final int MAX_JSON_EXTRA_BYTES = 64 << 10;

  /** The nesting depth of a field that is ignored. */
  static final int MAX_JSON_DEPTH = 64;

  /**
   * The length up to which values are copied into the response; longer ones are sent without a
   * copy.
   */
  public static final int MAX_COPIED_VALUE_BYTES = 16 << 10;

  /**
   * The attempts of a write that depends on several tags, or on tags that must not match, while
   * other writes change the key.
   */
  public static final int MAX_WRITE_ATTEMPTS = 100;

  /** The length from which on text is compressed. */
  public static final int MIN_COMPRESSED_VALUE_BYTES = 2 << 10;

  /** The length up to which text is compressed; more would block the event loop too long. */
  public static final int MAX_COMPRESSED_VALUE_BYTES = 64 << 10;

  /** The size of gathered responses from which on they are written. */
  public static final int MAX_BATCH_BYTES = 16 << 10;

  /** Unread responses: below the first limit, reading resumes; above the second, it stops. */
  public static final int RESUME_PENDING_BYTES = 64 << 10;

  public static final int MAX_PENDING_BYTES = 256 << 10;

  /** The longest body of a batch: {@link Batch#MAX_BYTES} in Base64, and the rest of the JSON. */
  public static final int MAX_BATCH_JSON_BYTES = 2 * Batch.MAX_BYTES;

  /**
   * The length up to which a body is used on the event loop: a batch, which is parsed, written and
   * answered; another JSON body, which is parsed; and a value, which is written.
   */
  public static final int MAX_LOOP_BATCH_BYTES = 8 << 10;

  public static final int MAX_LOOP_JSON_BYTES = 64 << 10;

  public static final int MAX_LOOP_VALUE_BYTES = Turn.MAX_WORK * Turn.BYTES_PER_UNIT;

  /** The entries of a listing that are read and formatted at a time. */
  public static final int ENTRIES_PER_PART = 256;

  /** The length up to which values in listings are formatted at once; longer ones in pieces. */
  public static final int MAX_FORMATTED_VALUE_BYTES = 64 << 10;

  /** The part of a body that {@link #deliveryTime} applies to. */
  public static final int DELIVERY_BYTES = 64 << 10;

  /** Creates limits with the default numbers. */
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

  /** Returns the default limits. */
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

  /** Returns the same limits with other numbers. */
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

  /** Returns the same limits with other times. */
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
