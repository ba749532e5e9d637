package io.kvstore;

/** A callback for the progress of opening, verifying or repairing a store. */
@FunctionalInterface
public interface OpenProgress {

  /**
   * Called some ten times a second while a store is being opened, and once at the end, always on
   * the thread that called {@link KvStoreBuilder#open()}. An exception that it throws aborts the
   * opening and is thrown from there, after cleanup. {@link StoreVerifier} and {@link StoreRepair}
   * do likewise.
   *
   * @param bytesDone bytes of the log that have been recovered, never less than in the previous
   *     call
   * @param bytesTotal bytes of the log to recover
   */
  void progress(long bytesDone, long bytesTotal);
}
