package io.kvstore.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kvstore.CorruptStoreException;
import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.engine.StoreDoor;
import io.kvstore.platform.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The check of an {@link Expectation}: reopens a damaged store and compares. For one thread at a
 * time.
 */
public final class Reopening {
  private final Path directory;
  private final Durability durability;
  private final Warnings warnings;
  private final Storage storage = FaultyStorage.withoutSyncs();

  public Reopening(Path directory, Durability durability, Warnings warnings) {
    this.directory = directory;
    this.durability = durability;
    this.warnings = warnings;
  }

  /** Lays the files down, opens them, and compares; what differs is described by {@code what}. */
  public void check(StoreImage damaged, Expectation expected, String what) {
    damaged.writeTo(directory);
    try {
      if (expected.entries() == null) {
        checkRefused(damaged, expected);
      } else {
        checkOpened(expected);
        assertThat(warnings.take(directory)).isEmpty();
      }
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(what + ", expected " + expected, e);
    }
  }

  private void checkRefused(StoreImage damaged, Expectation expected) {
    Throwable refusal =
        catchThrowable(() -> StoreDoor.open(directory, durability, storage).close());

    assertThat(refusal).isInstanceOf(CorruptStoreException.class);
    CorruptStoreException corrupt = (CorruptStoreException) refusal;
    assertThat(corrupt.file()).isEqualTo(directory.resolve(expected.file()));
    assertThat(corrupt.offset()).isEqualTo(expected.offset());
    assertThat(corrupt).hasMessageContaining(expected.file());
    assertThat(StoreImage.of(directory).isSame(damaged)).as("files are as they were").isTrue();
    assertThat(warnings.take(directory)).isEmpty();
  }

  private void checkOpened(Expectation expected) {
    Map<String, String> entries = new HashMap<>(expected.entries());
    try (KvStore<String, String> store = StoreDoor.open(directory, durability, storage)) {
      assertThat(entriesOf(store)).isEqualTo(entries);
      assertThat(store.stats().cutBytes()).isEqualTo(expected.cutBytes());
      checkWarnings(expected.cutBytes());
      store.put("written after", "the damage");
      entries.put("written after", "the damage");
    }
    try (KvStore<String, String> store = StoreDoor.open(directory, durability, storage)) {
      assertThat(entriesOf(store)).isEqualTo(entries);
      assertThat(store.stats().cutBytes()).isZero();
      assertThat(store.stats().liveBytes()).isEqualTo(liveBytes(entries));
    }
  }

  private static long liveBytes(Map<String, String> entries) {
    return entries.entrySet().stream()
        .mapToLong(e -> (27L + valueBytes(e) + utf8Bytes(e.getKey())) / 8 * 8)
        .sum();
  }

  private static int valueBytes(Map.Entry<String, String> entry) {
    int deadlineBytes = entry.getKey().startsWith(History.EXPIRING) ? Long.BYTES : 0;
    boolean labelled = entry.getKey().endsWith(History.LABELLED);
    int labelBytes = labelled ? utf8Bytes(History.LABEL) + 1 : 0;
    return utf8Bytes(entry.getValue()) + deadlineBytes + labelBytes;
  }

  private static int utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void checkWarnings(long cutBytes) {
    List<String> messages = warnings.take(directory);
    if (cutBytes == 0) {
      assertThat(messages).isEmpty();
    } else {
      assertThat(messages).hasSize(1);
      assertThat(messages.get(0).replace(",", "")).contains(" " + cutBytes + " bytes");
    }
  }

  /** Returns all entries, after a check that each way of asking for them gives the same. */
  public static Map<String, String> entriesOf(KvStore<String, String> store) {
    Map<String, String> entries = new HashMap<>();
    store.forEach(
        entry -> {
          assertThat(entries.put(entry.key(), entry.value())).as("no key twice").isNull();
          boolean labelled = entry.key().endsWith(History.LABELLED);
          assertThat(entry.label()).isEqualTo(labelled ? History.LABEL : null);
        });
    entries.forEach((key, value) -> assertThat(store.get(key)).isEqualTo(value));
    assertThat(store.size()).isEqualTo(entries.size());
    return entries;
  }
}
