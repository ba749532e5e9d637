package io.kvstore;

/**
 * The durability mode of a store: where a write is stored when the call returns, and so which
 * writes a power cut may take.
 *
 * <p>In every mode a write that has returned survives the death of the process, however it dies
 * ({@code kill -9}, a crash of the JVM, out of memory): its bytes are in the page cache of the
 * operating system. The modes differ only in what happens when the machine itself stops. What is
 * left then is always a prefix of the history: if a write survived, so did every write before it.
 */
public enum Durability {
  /**
   * A write is in the page cache of the operating system when it returns, and the store does not
   * sync by itself. A power cut takes what the system had not yet written to the disk, on Linux
   * commonly the last 30 seconds. Call {@link KvStore#sync()} to sync.
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
