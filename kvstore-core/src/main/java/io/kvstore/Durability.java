package io.kvstore;

/**
 * How far a write has travelled when the call returns, and so what a power cut may take.
 *
 * <p>In every mode a write that has returned survives the death of the process, however it dies
 * ({@code kill -9}, a crash of the JVM, out of memory): its bytes belong to the operating system.
 * The modes differ only in what happens when the machine itself stops. What is left then is always
 * the beginning of the history: if a write survived, so did every write before it.
 */
public enum Durability {
  /**
   * The bytes are the operating system's. A power cut takes what the system had not yet written to
   * the disk, on Linux commonly the last 30 seconds; {@link KvStore#sync()} is there to be called.
   */
  PROCESS,

  /**
   * The default. Like {@link #PROCESS}, and the store syncs by itself: a power cut takes at most
   * the writes of the last {@link KvStoreBuilder#syncInterval interval}, counted to the end of the
   * sync that should have covered them.
   */
  INTERVAL,

  /**
   * A write returns when a sync has covered it; many writers share one sync. A power cut takes
   * nothing that was acknowledged, and no reader has seen what it does take: a value becomes
   * visible only once it is safe.
   */
  SYNC
}
