package io.kvstore;

import java.time.Duration;

/**
 * The result of {@link KvStore#backup}.
 *
 * @param sequence the last change in the backup; it holds all changes up to this one, as far as the
 *     store still has them, and none after it
 * @param filesCopied segment files that were written
 * @param filesKept segment files already there from an earlier backup
 * @param bytesCopied bytes of the files that were written
 * @param duration how long the backup took, including the wait for other work of the store
 */
public record BackupReport(
    long sequence, int filesCopied, int filesKept, long bytesCopied, Duration duration) {}
