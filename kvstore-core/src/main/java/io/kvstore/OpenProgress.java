package io.kvstore;

/** Told how far the opening of a store has come; or its verification, or its repair. */
@FunctionalInterface
public interface OpenProgress {

  /**
   * Called some ten times a second while a store is being opened, and once at the end, always on
   * the thread that called {@link KvStoreBuilder#open()}. What it throws is thrown from there, once
   * what had been begun is ended. {@link StoreVerifier} and {@link StoreRepair} do likewise.
   *
   * @param bytesDone bytes of the log that have been recovered, never less than in the call before
   * @param bytesTotal bytes that are there to recover
   */
  void progress(long bytesDone, long bytesTotal);
}
