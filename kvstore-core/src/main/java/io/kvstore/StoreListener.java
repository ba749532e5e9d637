package io.kvstore;

import java.time.Duration;

/**
 * Told of what a store does, for those who plot or log it. Every method does nothing, unless it is
 * overridden; later versions may have more of them.
 *
 * <p>Called on one thread of the store that does nothing else, so never by two threads at once, in
 * the order in which things have happened, and some time after they have. No lock is held: it may
 * call the store. No reader, writer or other thread of the store waits for it; where it is so slow
 * that {@link #MAX_WAITING_EVENTS} wait, further ones are left out, and {@link #onMissedEvents}
 * says how many. What it throws is logged as a warning the first time, and changes nothing.
 *
 * <p>The first call comes after the store has been opened, and begins with what happened meanwhile.
 * {@link KvStore#close} returns when it has been told of everything, or after 10 seconds; then no
 * further call begins.
 */
public interface StoreListener {

  /** The most events that wait for the listener: 10,000. */
  int MAX_WAITING_EVENTS = 10_000;

  /**
   * How a directory was opened.
   *
   * @param took how long that took, all of the opening
   * @param bytesRead bytes of the log that were read
   * @param entries that were found, those included that have expired and are not swept yet
   * @param cutBytes bytes of a torn tail that were cut off the log, 0 after a clean end
   * @param fromCheckpoint whether a checkpoint of the indexes has spared it the rest of the log
   */
  record Recovery(
      Duration took, long bytesRead, long entries, long cutBytes, boolean fromCheckpoint) {}

  /**
   * A sync that has succeeded.
   *
   * @param took how long it took; in {@link Durability#SYNC} with the writing of the bytes
   * @param bytes of the log that it has secured
   * @param changes puts and deletes that are known to be safe since
   */
  record Sync(Duration took, long bytes, long changes) {}

  /**
   * A round of compaction that has gained something.
   *
   * @param took from the first look at the segments to the last deleted file
   * @param segmentsBefore segments that it has replaced
   * @param segmentsAfter segments in their stead
   * @param bytesBefore bytes of the former files
   * @param bytesAfter bytes of the latter, which it has written
   */
  record Compaction(
      Duration took, int segmentsBefore, int segmentsAfter, long bytesBefore, long bytesAfter) {}

  /**
   * A larger array in place of an index's, or one of the same size without deleted slots. The
   * writer in whose call it happened has waited for it, and others of the same stripe.
   *
   * @param took how long it took
   * @param entries that the stripe has
   * @param slots that the array has
   */
  record IndexGrowth(Duration took, long entries, long slots) {}

  /** Learns how the store was opened. Not called for a store in memory. */
  default void onRecovery(Recovery recovery) {}

  /** Learns of a sync of the log. */
  default void onSync(Sync sync) {}

  /**
   * Learns that a segment has been begun, the one that records are appended to from now on.
   *
   * @param id its number in the log
   * @param capacity bytes that it has room for, its header included
   */
  default void onSegmentCreated(long id, long capacity) {}

  /**
   * Learns that a segment has been sealed: nothing more is appended to it.
   *
   * @param id its number in the log
   * @param bytes that have been written to it
   */
  default void onSegmentSealed(long id, long bytes) {}

  /** Learns of a round of compaction. */
  default void onCompaction(Compaction compaction) {}

  /**
   * Learns that compaction has failed, or a sweep or a checkpoint that goes with it; nothing is
   * lost by that.
   *
   * @param pause for how long the store does not try again by itself, about; zero where {@link
   *     KvStore#compact} has failed, which throws to its caller
   */
  default void onCompactionFailure(Throwable cause, Duration pause) {}

  /**
   * Learns that a checkpoint of the indexes has been written.
   *
   * @param bytes of its file
   */
  default void onCheckpoint(Duration took, long bytes) {}

  /**
   * Learns that expired entries have been deleted; not called when there were none.
   *
   * @param count how many, at least 1
   */
  default void onSweep(Duration took, long count) {}

  /** Learns that the index of a stripe has grown, or has been cleared of deleted slots. */
  default void onIndexGrowth(IndexGrowth growth) {}

  /**
   * Learns that writers have got ahead of compaction, so some writes wait a little from now on, the
   * more the farther ahead they are; or that no write does any more.
   */
  default void onBrake(boolean braking) {}

  /**
   * Learns of damage that the running store has met: bytes of a sealed segment that are not what
   * was written. One entry at most is lost by it; the store goes on, and compaction goes around it.
   * {@link KvStore#get} of its key throws {@link CorruptStoreException} until the key is put or
   * deleted. Called once for each place, as long as there are not more than 10,000.
   *
   * @param damage its {@code bytes} are 0 where nobody has looked yet how far it goes, and its
   *     sequences are not known
   */
  default void onDamage(Damage damage) {}

  /**
   * Learns that the store takes no more writes until it is opened anew, and why. Called once at
   * most.
   */
  default void onWriteFailure(KvStoreException cause) {}

  /**
   * Learns that events were left out since the call before, for this listener was slower than they
   * came.
   */
  default void onMissedEvents(long count) {}
}
