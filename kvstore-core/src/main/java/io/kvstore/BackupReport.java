package io.kvstore;

import java.time.Duration;

/**
 * What {@link KvStore#backup} has done.
 *
 * @param sequence the last change in the backup; all before it are in it, as far as the store still
 *     has them, and none after it
 * @param filesCopied segment files that were written
 * @param filesKept segment files that an earlier backup had brought there
 * @param bytesCopied bytes of those that were written
 * @param duration how long it took, the wait for other work of the store included
 */
public record BackupReport(
    long sequence, int filesCopied, int filesKept, long bytesCopied, Duration duration) {}
