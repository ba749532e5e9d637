package io.kvstore.server.resp.protocol;

import io.kvstore.KvStore;
import java.time.Duration;

/**
 * The limits of the Redis protocol: the resources that one client can hold, and for how long.
 *
 * @param maxValueBytes the longest value
 * @param maxConnections the number of open connections
 * @param idleTime the time after which a client without commands is disconnected; zero for never
 * @param stallTime the time after which a client that does not send the rest of a command, or does
 *     not read its replies, is disconnected
 */
public record RespLimits(
    int maxValueBytes, int maxConnections, Duration idleTime, Duration stallTime) {

  /** The default of {@link #maxConnections}. */
  public static final int MAX_CONNECTIONS = 10_000;

  /** How long a client may take to read a last reply and close. */
  public static final Duration LINGER_TIME = Duration.ofSeconds(2);

  /** The default of {@link #stallTime}. */
  public static final Duration STALL_TIME = Duration.ofSeconds(60);

  /** The longest inline command, and the longest line of a length: 64 KiB. */
  static final int MAX_LINE_BYTES = 64 << 10;

  /** The number of arguments of a command. */
  static final int MAX_ARGUMENTS = 1 << 20;

  /** The number of arguments of a command, and the length of one, before authentication. */
  static final int MAX_UNAUTHENTICATED_ARGUMENTS = 10;

  static final int MAX_UNAUTHENTICATED_BULK_BYTES = 16 << 10;

  /** The size of a command without its longest value: other arguments and framing. */
  static final int MAX_COMMAND_EXTRA_BYTES = 64 << 20;

  /**
   * The size of the replies to one command or transaction: 256 MiB; a single value may be longer.
   */
  static final int MAX_REPLY_BYTES = 256 << 20;

  /** The size of gathered replies from which on they are written. */
  public static final int MAX_BATCH_BYTES = 16 << 10;

  /**
   * The length up to which values are copied into the reply; longer ones are sent without a copy.
   */
  public static final int MAX_COPIED_VALUE_BYTES = 16 << 10;

  /**
   * Unread replies: below the first limit, commands are executed again; above the second, they
   * wait.
   */
  public static final int RESUME_PENDING_BYTES = 64 << 10;

  public static final int MAX_PENDING_BYTES = 256 << 10;

  /** The unread messages of a subscriber from which on it is disconnected: 32 MiB. */
  public static final int MAX_UNREAD_MESSAGE_BYTES = 32 << 20;

  /** The number of commands of a transaction, and their size. */
  public static final int MAX_QUEUED_COMMANDS = 1 << 16;

  public static final int MAX_QUEUED_BYTES = 64 << 20;

  /** The length of the name of a client, of its library and of that one's version: 1 KiB. */
  public static final int MAX_NAME_BYTES = 1 << 10;

  /** The memory for a watched key or a subscription, in addition to its name. */
  public static final int KEPT_NAME_COST = 256;

  /** The number of keys that a client watches, and of its subscriptions. */
  public static final int MAX_WATCHED_KEYS = 1 << 14;

  public static final int MAX_SUBSCRIPTIONS = 1 << 16;

  /** The attempts of a command whose reads change meanwhile. */
  public static final int MAX_ATTEMPTS = KvStore.MAX_COMPUTE_ATTEMPTS;

  /** The entries, and KiB of values, that a scan of the store reads before others run. */
  public static final int ENTRIES_PER_TURN = 1_000;

  /** The maximum number of entries that SCAN reads at once, whatever COUNT says. */
  public static final int MAX_SCAN_COUNT = 10_000;

  /** The maximum number of reads of SCAN, since the store also limits a page by its bytes. */
  public static final int MAX_SCAN_PAGES = 64;

  /** The size of the table of LCS in Redis, which is refused if it exceeds this: 64 MiB. */
  public static final int MAX_LCS_BYTES = 64 << 20;

  /**
   * The work of one command or transaction, in keys and in KiB that it reads and writes: enough to
   * append to the longest value.
   */
  public static final long MAX_COMMAND_WORK = 1 << 22;

  /** The number of filters of CLIENT KILL. */
  public static final int MAX_CLIENT_FILTERS = 64;

  /** The length of a pattern: 1 KiB; and of a channel: 64 KiB. */
  public static final int MAX_PATTERN_BYTES = 1 << 10;

  public static final int MAX_CHANNEL_BYTES = 64 << 10;

  /** Returns limits with defaults for the others. */
  public static RespLimits of(int maxValueBytes, int maxConnections, Duration idleTime) {
    return new RespLimits(maxValueBytes, maxConnections, idleTime, STALL_TIME);
  }

  /** The longest argument: a value or a key. */
  public int maxBulkBytes() {
    return Math.max(maxValueBytes, KvStore.MAX_KEY_BYTES);
  }

  /** The longest command. */
  public long maxCommandBytes() {
    return (long) maxBulkBytes() + MAX_COMMAND_EXTRA_BYTES;
  }
}
