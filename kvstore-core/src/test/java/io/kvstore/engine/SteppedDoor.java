package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreBuilder;
import io.kvstore.StoreListener;
import io.kvstore.codec.Codec;
import io.kvstore.codec.Codecs;
import io.kvstore.maintenance.Checkpointer;
import io.kvstore.testing.FaultyStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens the stores whose steps fail: with all that a store can have, and syncs that cost nothing.
 */
public final class SteppedDoor {
  /** Shorter than any run, so that intervals pass. */
  private static final Duration INTERVAL = Duration.ofMillis(5);

  private SteppedDoor() {}

  /** What differs between them. */
  public record Opening(
      @Nullable Path directory,
      Durability durability,
      InstantSource clock,
      int maxSegmentBytes,
      long maxDiskBytes,
      @Nullable StoreListener listener,
      boolean readOnly) {}

  public static <V> KvStore<String, V> open(Codec<V> values, Opening opening) {
    StoreSettings settings =
        new StoreSettings(
            opening.directory(),
            opening.durability(),
            INTERVAL,
            2,
            KvStoreBuilder.DEFAULT_MAX_VALUE_BYTES,
            opening.maxSegmentBytes(),
            true,
            opening.clock(),
            opening.maxDiskBytes(),
            true,
            null,
            opening.listener(),
            opening.readOnly());
    return StripedKvStore.open(Codecs.string(), values, settings, FaultyStorage.withoutSyncs());
  }

  /** Has the store's own thread write a checkpoint, as it does when the log has grown enough. */
  public static CompletableFuture<Void> checkpoint(KvStore<?, ?> store) {
    OpenStore parts = ((StripedKvStore<?, ?>) store).parts();
    Checkpointer checkpointer = Objects.requireNonNull(parts.closing().checkpointer());
    return parts
        .maintenance()
        .ask(
            "write a checkpoint",
            () -> {
              checkpointer.run();
              return null;
            });
  }
}
