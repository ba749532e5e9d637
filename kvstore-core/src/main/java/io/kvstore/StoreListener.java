package io.kvstore;

import java.time.Duration;

/**
 * A listener for the events of a store, for metrics and logs. Every method does nothing unless it
 * is overridden; later versions may add methods.
 *
 * <p>Called on one thread of the store that does nothing else, so never by two threads at once, in
 * the order of the events, and some time after they happened. No lock is held: it may call the
 * store. No reader, writer or other thread of the store waits for it; if it is so slow that {@link
 * #MAX_WAITING_EVENTS} events are waiting, further events are dropped, and {@link #onMissedEvents}
 * reports how many. The first exception that it throws is logged as a warning; exceptions have no
 * other effect.
 *
 * <p>The first call comes after the store has been opened; events of the opening are delivered
 * first. {@link KvStore#close} returns when all events have been delivered, or after 10 seconds;
 * then no further call begins.
 */
public interface StoreListener {

  /** The maximum number of events that wait for the listener: 10,000. */
  int MAX_WAITING_EVENTS = 10_000;

  /**
   * The event of an opened directory.
   *
   * @param took duration of the whole opening
   * @param bytesRead bytes of the log that were read
   * @param entries that were found, including those that have expired and are not swept yet
   * @param cutBytes bytes of a torn tail that were cut off the log, 0 after a clean end
   * @param fromCheckpoint whether the indexes were loaded from a checkpoint, so that only the rest
   *     of the log was read
   */
  record Recovery(
      Duration took, long bytesRead, long entries, long cutBytes, boolean fromCheckpoint) {}

  /**
   * The event of a sync that has succeeded.
   *
   * @param took duration; in {@link Durability#SYNC} including the writing of the bytes
   * @param bytes bytes of the log that it has secured
   * @param changes puts and deletes that it has made durable
   */
  record Sync(Duration took, long bytes, long changes) {}

  /**
   * The event of a compaction round that has reclaimed space.
   *
   * @param took duration from the selection of the segments to the last deleted file
   * @param segmentsBefore segments that it has replaced
   * @param segmentsAfter segments that it has written to replace them
   * @param bytesBefore bytes of the replaced files
   * @param bytesAfter bytes of the written files
   */
  record Compaction(
      Duration took, int segmentsBefore, int segmentsAfter, long bytesBefore, long bytesAfter) {}

  /**
   * The event of a rehashed index: its array was replaced by a larger one, or by one of the same
   * size without deleted slots. The writer in whose call it happened has waited for it, and so have
   * other writers of the same stripe.
   *
   * @param took duration of the rehash
   * @param entries entries of the stripe
   * @param slots slots of the new array
   */
  record IndexGrowth(Duration took, long entries, long slots) {}

  /** Called once after the store was opened. Not called for a store in memory. */
  default void onRecovery(Recovery recovery) {}

  /** Called after a sync of the log. */
  default void onSync(Sync sync) {}

  /**
   * Called after a new active segment was created, to which records are appended from now on.
   *
   * @param id its number in the log
   * @param capacity bytes that it has room for, including its header
   */
  default void onSegmentCreated(long id, long capacity) {}

  /**
   * Called after a segment was sealed: nothing more is appended to it.
   *
   * @param id its number in the log
   * @param bytes that have been written to it
   */
  default void onSegmentSealed(long id, long bytes) {}

  /** Called after a compaction round. */
  default void onCompaction(Compaction compaction) {}

  /**
   * Called after a compaction, or a sweep or checkpoint that goes with it, has failed; nothing is
   * lost by that.
   *
   * @param pause the approximate time until the store tries again by itself; zero if {@link
   *     KvStore#compact} has failed, which throws to its caller
   */
  default void onCompactionFailure(Throwable cause, Duration pause) {}

  /**
   * Called after a checkpoint of the indexes was written.
   *
   * @param bytes size of its file
   */
  default void onCheckpoint(Duration took, long bytes) {}

  /**
   * Called after a sweep has deleted expired entries; not called if there were none.
   *
   * @param count number of deleted entries, at least 1
   */
  default void onSweep(Duration took, long count) {}

  /** Called after the index of a stripe has grown, or has been cleared of deleted slots. */
  default void onIndexGrowth(IndexGrowth growth) {}

  /**
   * Called when the write throttle is turned on or off. It is on while writers are ahead of
   * compaction: some writes wait a little then, the more the farther ahead they are.
   *
   * @param braking whether the throttle is on
   */
  default void onBrake(boolean braking) {}

  /**
   * Called when the running store has found damage: bytes of a sealed segment that are not what was
   * written. At most one entry is lost by it; the store goes on, and compaction works around it.
   * {@link KvStore#get} of its key throws {@link CorruptStoreException} until the key is put or
   * deleted. Called once for each damaged record, for the first 10,000.
   *
   * @param damage the damage; its {@code bytes} are 0 if its extent has not been determined, and
   *     its sequences are not known
   */
  default void onDamage(Damage damage) {}

  /**
   * Called when the store rejects further writes until it is reopened. Called once at most.
   *
   * @param cause the failure that made it do so
   */
  default void onWriteFailure(KvStoreException cause) {}

  /**
   * Called when the store begins to reject puts for lack of room: the disk or {@code maxDiskBytes}
   * is full, and compaction could not make room. Called once until {@link #onRoom}.
   *
   * @param cause the exception of the first rejected write
   */
  default void onFull(StoreFullException cause) {}

  /**
   * Called when there is room for puts again: none has been rejected for two seconds, and a new
   * segment would fit. If the store was full shortly before, the time is longer, up to five
   * minutes.
   */
  default void onRoom() {}

  /**
   * Called when events were dropped since the previous call because this listener was too slow.
   *
   * @param count number of dropped events
   */
  default void onMissedEvents(long count) {}
}
