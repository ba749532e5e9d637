package io.kvstore.server.resp.protocol;

import io.kvstore.KvStore;
import java.time.Duration;

/**
 * The limits of the Redis protocol: what one client can make the server hold, and for how long.
 *
 * @param maxValueBytes the longest value that is stored
 * @param maxConnections how many clients there may be
 * @param idleTime a client that says nothing is disconnected after this; zero for never
 * @param stallTime a client that does not send the rest of a command, or takes no replies, is
 *     disconnected after this
 */
public record RespLimits(
    int maxValueBytes, int maxConnections, Duration idleTime, Duration stallTime) {

  /** The usual {@link #maxConnections}. */
  public static final int MAX_CONNECTIONS = 10_000;

  /** After a last reply, how long the client may take to read it and hang up. */
  public static final Duration LINGER_TIME = Duration.ofSeconds(2);

  /** The usual {@link #stallTime}. */
  public static final Duration STALL_TIME = Duration.ofSeconds(60);

  /** A command without lengths, and any line that tells one: 64 KiB. */
  static final int MAX_LINE_BYTES = 64 << 10;

  /** Arguments of a command. */
  static final int MAX_ARGUMENTS = 1 << 20;

  /** Arguments of a command, and bytes of one, before a client has said who it is. */
  static final int MAX_STRANGER_ARGUMENTS = 10;

  static final int MAX_STRANGER_BULK_BYTES = 16 << 10;

  /** All of a command besides its longest value: other arguments, and what is around them. */
  static final int MAX_COMMAND_EXTRA_BYTES = 64 << 20;

  /** What one command, or one transaction, can answer: 256 MiB; one value may be longer. */
  static final int MAX_REPLY_BYTES = 256 << 20;

  /** Replies gathered before they become one write. */
  public static final int MAX_BATCH_BYTES = 64 << 10;

  /** Values up to here are copied to their reply; longer ones go out from where they lie. */
  public static final int MAX_COPIED_VALUE_BYTES = 16 << 10;

  /** Replies that the client has not taken: below the first, commands go on; above, they wait. */
  public static final int RESUME_PENDING_BYTES = 64 << 10;

  public static final int MAX_PENDING_BYTES = 256 << 10;

  /** Messages that a subscriber has not taken before it is disconnected: 32 MiB. */
  public static final int MAX_UNREAD_MESSAGE_BYTES = 32 << 20;

  /** Commands of a transaction, and their bytes. */
  public static final int MAX_QUEUED_COMMANDS = 1 << 16;

  public static final int MAX_QUEUED_BYTES = 64 << 20;

  /** Keys that one client watches, and channels and patterns it has subscribed to. */
  public static final int MAX_WATCHED_KEYS = 1 << 14;

  public static final int MAX_SUBSCRIPTIONS = 1 << 16;

  /** How often a command is carried out anew because another has changed what it has read. */
  public static final int MAX_ATTEMPTS = KvStore.MAX_COMPUTE_ATTEMPTS;

  /** Entries that a walk over the whole store looks at before it lets others have a turn. */
  public static final int ENTRIES_PER_TURN = 1_000;

  /** The most entries that SCAN asks the store for at once, whatever COUNT says. */
  public static final int MAX_SCAN_COUNT = 10_000;

  /** And the most times that it asks, since the store ends a page by its bytes too. */
  public static final int MAX_SCAN_PAGES = 64;

  /** The table in which LCS compares: 64 MiB. */
  public static final int MAX_LCS_BYTES = 64 << 20;

  /** The usual limits. */
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
