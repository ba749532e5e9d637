package io.kvstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.codec.Codecs;
import io.kvstore.engine.StoreDoor;
import io.kvstore.testing.ManualClock;
import io.kvstore.testing.Model;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations on a store and on a map, which must agree, over time, over reopening in any
 * durability and over crashes. A failure names the seed; {@code -Dmodel.seed} repeats a run, {@code
 * -Dmodel.operations=10000000} makes a long one.
 *
 * <p>A crash is a copy of the files while the store is open and no call is under way. Of what the
 * store does by itself meanwhile, the copy may have any part: half a mark, which is then cut as a
 * torn tail, or a segment that is just being prepared. Every change that was acknowledged is there.
 */
class KvStoreModelTest {
  private static final long OPERATIONS = Long.getLong("model.operations", 40_000);
  private static final int KEYS = 300;

  private static final int MAX_OUTSTANDING = 20;

  @TempDir Path directory;

  private final long seed = Long.getLong("model.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final ManualClock clock = new ManualClock();
  private final Model model = new Model(clock);
  private final List<Outstanding> outstanding = new ArrayList<>();
  private final String[] keys = new String[KEYS];
  private final Conditions conditions = new Conditions();
  private final ModelViews views = new ModelViews(random, model, keys);
  private final ModelWatch watch = new ModelWatch(clock, model);
  private boolean ordered;
  private boolean quiet;
  private @Nullable Path storeDirectory;
  private @Nullable KvStore<String, String> store;
  private int directories;
  private long done;

  /** A call that has not completed yet, and the answer that the model expects. */
  private record Outstanding(String key, CompletableFuture<?> future, @Nullable Object answer) {}

  @AfterEach
  void closeStore() {
    if (store != null) {
      store.close();
    }
  }

  @Test
  void storeInADirectoryDoesWhatAMapDoes() {
    storeDirectory = freshDirectory();
    check(OPERATIONS);
  }

  @Test
  void storeInMemoryDoesWhatAMapDoes() {
    check(OPERATIONS);
  }

  private void check(long operations) {
    try {
      for (int i = 0; i < KEYS; i++) {
        keys[i] = i == 0 ? "" : text(i, keyLength(i));
      }
      store = open(storeDirectory);
      watch.start(store);
      for (; done < operations; done++) {
        step(store);
      }
      settle();
      compare(store);
      watch.check(store);
      views.closeSome(true);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ", operation " + done + ": " + e.getMessage(), e);
    }
  }

  private void step(KvStore<String, String> store) throws IOException {
    int choice = random.nextInt(10_000);
    if (choice < 9_000) {
      call(store, anyKey(), choice / 450);
    } else if (choice < 9_860) {
      conditions.call(store, anyKey());
    } else if (choice < 9_935) {
      settle();
      views.step(store, ordered);
    } else if (choice < 9_940) {
      settle();
      watch.check(store);
    } else if (choice < 9_944) {
      watch.pauseOrResume();
    } else if (choice < 9_950) {
      if (quiet) {
        StoreDoor.checkpoint(store);
      }
    } else if (choice < 9_970) {
      settle();
      clock.pass(Duration.ofMillis(random.nextInt(choice % 10 == 0 ? 2_000 : 20)));
    } else if (choice < 9_980) {
      store.compact();
    } else if (choice < 9_988) {
      settle();
      assertSize(store);
      store.sync();
    } else if (choice < 9_992) {
      settle();
      compare(store);
    } else if (storeDirectory != null) {
      settle();
      reopen(store, storeDirectory, choice);
    }
  }

  private void call(KvStore<String, String> store, String key, int choice) {
    if (choice < 8) {
      if (outstanding.stream().anyMatch(o -> o.key().equals(key))) {
        settle();
      }
      read(store, key, choice);
    } else if (choice < 12) {
      String value = value();
      store.put(key, value);
      model.put(key, value);
    } else if (choice < 16) {
      String value = value();
      Duration ttl = ttl();
      CompletableFuture<Void> put =
          ttl == null ? store.putAsync(key, value) : store.putAsync(key, value, ttl);
      outstanding.add(new Outstanding(key, put, null));
      model.put(key, value, ttl);
    } else if (choice < 18) {
      assertThat(store.delete(key)).isEqualTo((model.remove(key) != null));
    } else {
      boolean expected = model.remove(key) != null;
      outstanding.add(new Outstanding(key, store.deleteAsync(key), expected));
    }
    if (outstanding.size() > MAX_OUTSTANDING) {
      settle();
    }
  }

  private void read(KvStore<String, String> store, String key, int choice) {
    String expected = model.get(key);
    switch (choice) {
      case 0 -> assertThat(store.containsKey(key)).isEqualTo(expected != null);
      case 1 -> {
        ValueView view = store.view(key);
        assertThat(view == null ? null : UTF_8.decode(view.bytes()).toString()).isEqualTo(expected);
      }
      default -> assertThat(store.get(key)).isEqualTo(expected);
    }
  }

  private void settle() {
    for (Outstanding call : outstanding) {
      Object answer = call.future().join();
      assertThat(answer).isEqualTo(call.answer());
    }
    outstanding.clear();
  }

  // ---- closing, opening, crashing

  private void reopen(KvStore<String, String> open, Path directory, int choice) throws IOException {
    watch.check(open);
    Path next = directory;
    if (choice < 9_996) {
      watch.stop();
      Path copy = freshDirectory();
      StoreFiles.copy(directory, copy);
      boolean wasOrdered = ordered;
      boolean wasQuiet = quiet;
      try (KvStore<String, String> copied = open(copy)) {
        compare(copied);
        assertThat(copied.delete("no such key")).isFalse();
      }
      ordered = wasOrdered;
      quiet = wasQuiet;
      boolean goesOnWithTheCopy = random.nextBoolean();
      if (!goesOnWithTheCopy) {
        StoreFiles.delete(copy);
        watch.start(open);
        return;
      }
      next = copy;
    }
    watch.stop();
    views.closeSome(false);
    open.close();
    views.closeSome(true);
    if (!next.equals(directory)) {
      StoreFiles.delete(directory);
    }
    storeDirectory = next;
    store = open(next);
    compare(store);
    watch.start(store);
  }

  private KvStore<String, String> open(@Nullable Path directory) {
    ordered = random.nextBoolean();
    quiet = directory != null && random.nextInt(3) == 0;
    if (quiet) {
      Durability[] all = Durability.values();
      return StoreDoor.openQuiet(directory, all[random.nextInt(all.length)], clock, ordered);
    }
    KvStoreBuilder<String, String> builder = KvStore.builder(Codecs.string(), Codecs.string());
    if (ordered) {
      builder.ordered();
    }
    if (directory != null) {
      Durability[] all = Durability.values();
      builder
          .directory(directory)
          .durability(all[random.nextInt(all.length)])
          .syncInterval(Duration.ofMillis(1 + random.nextInt(20)));
    }
    builder.clock(clock);
    return builder.maxSegmentBytes((4 << 10) + random.nextInt(2) * random.nextInt(60_000)).open();
  }

  private Path freshDirectory() {
    return directory.resolve("store" + directories++);
  }

  private void compare(KvStore<String, String> store) {
    Map<String, String> found = new HashMap<>();
    for (Entry<String, String> entry : store) {
      assertThat(found.put(entry.key(), entry.value())).as("found twice").isNull();
    }
    assertThat(found.equals(model.entries())).as(() -> difference(found)).isTrue();
    assertSize(store);
    for (String key : keys) {
      assertThat(store.get(key)).isEqualTo(model.get(key));
    }
    store.compact(); // a round under way counts what is replaced meanwhile only at its end
    assertThat(store.stats().liveBytes())
        .isBetween(model.recordBytes(false), model.recordBytes(true));
  }

  /** Whether expired entries count depends on when they are swept. */
  private void assertSize(KvStore<String, String> store) {
    assertThat(store.size())
        .isBetween((long) model.entries().size(), (long) model.sizeWithExpired());
  }

  private String difference(Map<String, String> found) {
    StringBuilder text = new StringBuilder("the store and the model differ:");
    for (String key : keys) {
      if (!Objects.equals(found.get(key), model.get(key))) {
        text.append("\nstored ").append(shortened(key, found)).append(", but the model has ");
        text.append(shortened(key, model.entries()));
      }
    }
    return text.toString();
  }

  private static String shortened(String key, Map<String, String> from) {
    String entry = key + " = " + from.get(key);
    return entry.length() < 80 ? entry : entry.substring(0, 80) + " ... " + entry.length();
  }

  // ---- keys and values

  private int keyLength(int number) {
    return switch (number % 10) {
      case 0 -> 1;
      case 1 -> 100;
      case 2 -> number < 20 ? 5_000 : 30;
      default -> 10;
    };
  }

  private String anyKey() {
    return keys[Math.min(random.nextInt(KEYS), random.nextInt(KEYS))];
  }

  private @Nullable Duration ttl() {
    return random.nextInt(4) == 0 ? Duration.ofMillis(1 + random.nextInt(100)) : null;
  }

  private String value() {
    int length =
        switch (random.nextInt(20)) {
          case 0 -> 0;
          case 1, 2 -> 1;
          case 3 -> random.nextInt(1_000);
          case 4 -> random.nextInt(20) == 0 ? 5_000 + random.nextInt(20_000) : 7;
          default -> 100;
        };
    return text(done, length);
  }

  /** Returns a text of some length that starts with a number, if there is room for it. */
  private static String text(long number, int length) {
    String start = length == 1 ? String.valueOf((char) ('!' + number % 90)) : number + ".";
    return (start + "-".repeat(length)).substring(0, length);
  }

  // ---- conditional writes, batches, deadlines

  /** Calls whose effect depends on what is there; not all of it needs to be safe yet. */
  private final class Conditions {

    void call(KvStore<String, String> store, String key) {
      String value = value();
      String before = model.get(key);
      switch (random.nextInt(16)) {
        case 0 -> {
          assertThat(store.putIfAbsent(key, value)).isEqualTo(before);
          if (before == null) {
            model.put(key, value);
          }
        }
        case 1 -> replace(store, key, value);
        case 2 -> assertThat(store.getAndPut(key, value)).isEqualTo(model.put(key, value));
        case 3 -> assertThat(store.getAndDelete(key)).isEqualTo(model.remove(key));
        case 4 -> delete(store, key);
        case 5 -> compute(store, key, value);
        case 6 -> {
          Duration ttl = Duration.ofMillis(1 + random.nextInt(300));
          assertThat(store.touch(key, ttl)).isEqualTo(before != null);
          if (before != null) {
            model.put(key, before, ttl);
          }
        }
        case 7 -> {
          assertThat(store.persist(key)).isEqualTo(model.deadline(key) != null);
          if (model.deadline(key) != null) {
            model.put(key, before);
          }
        }
        case 8, 9 -> byVersion(store, key, value);
        case 10 -> {
          settle();
          Map<String, String> found = store.getAll(List.of(key, keys[0]));
          assertThat(found.get(key)).isEqualTo(before);
          assertThat(found.get(keys[0])).isEqualTo(model.get(keys[0]));
          Duration remaining = store.remaining(key);
          Instant deadline = model.deadline(key);
          assertThat(remaining)
              .isEqualTo(deadline == null ? null : Duration.between(clock.now(), deadline));
        }
        default -> write(store);
      }
    }

    private void replace(KvStore<String, String> store, String key, String value) {
      String before = model.get(key);
      String expected = before == null || random.nextInt(3) == 0 ? "other" : before;
      boolean replaces = expected.equals(before);
      assertThat(store.replace(key, expected, value)).isEqualTo(replaces);
      if (replaces) {
        model.put(key, value);
      }
    }

    private void delete(KvStore<String, String> store, String key) {
      String before = model.get(key);
      String expected = before == null || random.nextInt(3) == 0 ? "other" : before;
      boolean deletes = expected.equals(before);
      assertThat(store.delete(key, expected)).isEqualTo(deletes);
      if (deletes) {
        model.remove(key);
      }
    }

    private void compute(KvStore<String, String> store, String key, String value) {
      String result = random.nextInt(4) == 0 ? null : value;
      String before = model.get(key);
      String computed =
          store.compute(
              key,
              (k, found) -> {
                assertThat(found).isEqualTo(before);
                return result;
              });
      assertThat(computed).isEqualTo(result);
      model.change(key, result);
    }

    private void byVersion(KvStore<String, String> store, String key, String value) {
      settle();
      Entry<String, String> entry = store.entry(key);
      assertThat(entry == null ? null : entry.value()).isEqualTo(model.get(key));
      assertThat(entry == null ? null : entry.expiresAt()).isEqualTo(model.deadline(key));
      boolean right = entry != null && random.nextInt(3) > 0;
      long version = (entry == null ? 0 : entry.version()) + (right ? 0 : 1);
      if (random.nextBoolean()) {
        assertThat(store.replaceVersion(key, version, value)).isEqualTo(right);
        if (right) {
          model.put(key, value);
        }
      } else {
        assertThat(store.deleteVersion(key, version)).isEqualTo(right);
        if (right) {
          model.remove(key);
        }
      }
    }

    private void write(KvStore<String, String> store) {
      Batch<String, String> batch = store.batch();
      int failed = -1;
      for (int i = random.nextInt(3); i > 0; i--) {
        String key = anyKey();
        boolean present = random.nextInt(10) == 0 ? !model.has(key) : model.has(key);
        failed = failed < 0 && present != model.has(key) ? batch.preconditions().size() : failed;
        if (present) {
          batch.requirePresent(key);
        } else {
          batch.requireAbsent(key);
        }
      }
      int size = random.nextInt(20) == 0 ? random.nextInt(100) : random.nextInt(5);
      List<Boolean> existed = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        existed.add(add(batch, anyKey(), failed < 0));
      }
      BatchResult result = store.write(batch);
      assertThat(result.failedPrecondition()).isEqualTo(failed);
      assertThat(result.applied()).isEqualTo(failed < 0);
      assertThat(result.outcomes())
          .extracting(BatchResult.Outcome::existed)
          .isEqualTo(failed < 0 ? existed : List.of());
    }

    private boolean add(Batch<String, String> batch, String key, boolean applied) {
      boolean existed = model.has(key);
      String value = random.nextInt(3) == 0 ? null : value();
      Duration ttl = ttl();
      if (value == null) {
        batch.delete(key);
      } else if (ttl == null) {
        batch.put(key, value);
      } else {
        batch.put(key, value, ttl);
      }
      if (applied && value == null) {
        model.remove(key);
      } else if (applied) {
        model.put(key, value, ttl);
      }
      return existed;
    }
  }
}
