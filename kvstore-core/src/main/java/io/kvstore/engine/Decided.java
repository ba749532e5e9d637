package io.kvstore.engine;

import io.kvstore.log.LogRecord;
import io.kvstore.log.PutRecord;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a {@link Decision}.
 *
 * @param before what the key held
 * @param change what was written, or null if nothing was
 * @param done completes when all that the answer rests on is as safe as the store promises: the
 *     change, or the pending one that was the reason for none
 */
record Decided(
    @Nullable PutRecord before, @Nullable LogRecord change, CompletableFuture<Void> done) {

  boolean isWritten() {
    return change != null;
  }
}
