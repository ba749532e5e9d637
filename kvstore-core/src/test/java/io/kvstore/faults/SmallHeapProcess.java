package io.kvstore.faults;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.codec.Codecs;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process whose heap is full again and again while it writes, and which reports at its end
 * whether everything acknowledged is there. It allocates nothing itself while memory is short.
 */
final class SmallHeapProcess {
  /** What it prints when all is well. */
  static final String GOOD = "good";

  private static final int KEYS = 50;
  private static final int PUTS = 20;
  private static final int VALUE_BYTES = 1_500;
  private static final int MAX_BLOCKS = 1 << 18;
  private static final int[] BLOCK_BYTES = {1 << 16, 1 << 12, 1 << 8, 1};
  private static final int[] RELEASED = {1, 4, 16, 64, 256, 1024};

  private final Path directory;
  private final Durability durability;
  private final int rounds;
  private final Random random;
  private final String[] keys = new String[KEYS];

  /** For each number of a value, whether it was acknowledged. */
  private final boolean[] acknowledged;

  private final byte[] value = new byte[VALUE_BYTES];
  private final ByteBuffer number = ByteBuffer.wrap(value);

  /** What fills the heap; let go before anything is said. */
  private Object[] blocks = new Object[MAX_BLOCKS];

  private int count;
  private final AtomicLong progress = new AtomicLong();

  private SmallHeapProcess(Path directory, Durability durability, int rounds, long seed) {
    this.directory = directory;
    this.durability = durability;
    this.rounds = rounds;
    this.random = new Random(seed);
    this.acknowledged = new boolean[rounds * PUTS + 1];
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "key" + i;
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    SmallHeapProcess process =
        new SmallHeapProcess(
            Path.of(arguments[0]),
            Durability.valueOf(arguments[1]),
            Integer.parseInt(arguments[2]),
            Long.parseLong(arguments[3]));
    Thread working = new Thread(process::work, "working");
    working.start();
    process.watch(working, Long.parseLong(arguments[4]));
  }

  /** Ends the process, with a dump of all threads, if nothing happens for too long. */
  private void watch(Thread working, long limitSeconds) throws InterruptedException {
    long before = -1;
    long since = System.nanoTime();
    while (working.isAlive()) {
      working.join(100);
      if (progress.get() != before) {
        before = progress.get();
        since = System.nanoTime();
      } else if (System.nanoTime() - since > TimeUnit.SECONDS.toNanos(limitSeconds)) {
        blocks = null;
        System.out.println("hangs after " + before + " steps" + ThreadDump.of(thread -> true));
        Runtime.getRuntime().halt(1);
      }
    }
  }

  private void work() {
    KvStore<String, byte[]> store = open();
    // What happens once in a JVM happens here: a lambda that can't be linked, for want of memory,
    // can't
    // be ever after, and JDK 25 says so by another error than OutOfMemoryError.
    for (int i = 0; i < 4 * KEYS; i++) {
      store.put("first" + i % KEYS, value);
    }
    for (int i = 0; i < KEYS; i++) {
      store.delete("first" + i);
    }
    store.compact();
    store.sync();
    int written = 0;
    for (int round = 0; round < rounds; round++) {
      fill();
      let(RELEASED[random.nextInt(RELEASED.length)]);
      for (int i = 0; i < PUTS; i++) {
        written++;
        progress.getAndIncrement();
        try {
          number.putInt(0, written);
          store.put(keys[written % KEYS], value);
          acknowledged[written] = true;
        } catch (KvStoreException | OutOfMemoryError e) {
          // either is an answer
        }
      }
      let(count / 2);
    }
    blocks = null;
    progress.getAndIncrement();
    System.out.println(end(store, written));
  }

  private String end(KvStore<String, byte[]> store, int written) {
    String last = "put after all";
    try {
      store.put("last", value);
    } catch (KvStoreException e) {
      last = "refused after all: " + e.getMessage();
    }
    progress.getAndIncrement();
    try {
      store.close();
    } catch (KvStoreException e) {
      last += ", closed with " + e.getMessage();
    }
    progress.getAndIncrement();
    int found = 0;
    try (KvStore<String, byte[]> again = open()) {
      for (int i = 0; i < KEYS; i++) {
        byte[] bytes = again.get(keys[i]);
        int has = bytes == null ? 0 : ByteBuffer.wrap(bytes).getInt();
        if (has > written || (has > 0 && has % KEYS != i)) {
          return "never written: " + has + " under " + keys[i];
        }
        for (int later = written; later > has; later--) {
          if (later % KEYS == i && acknowledged[later]) {
            return "lost: " + later + " under " + keys[i] + ", where " + has + " is; " + last;
          }
        }
        found += bytes == null ? 0 : 1;
      }
      again.put("again", value);
    }
    return GOOD + ", " + found + " keys of " + count(acknowledged) + " writes; " + last;
  }

  private static int count(boolean[] flags) {
    int count = 0;
    for (boolean flag : flags) {
      count += flag ? 1 : 0;
    }
    return count;
  }

  private KvStore<String, byte[]> open() {
    return KvStore.builder(Codecs.string(), Codecs.bytes())
        .directory(directory)
        .durability(durability)
        .syncInterval(Duration.ofMillis(20))
        .maxSegmentBytes(8192)
        .open();
  }

  /** Fills the heap until nothing more fits. */
  private void fill() {
    for (int bytes : BLOCK_BYTES) {
      progress.getAndIncrement();
      try {
        while (count < MAX_BLOCKS) {
          blocks[count] = new byte[bytes];
          count++;
        }
      } catch (OutOfMemoryError e) {
        // as it should be
      }
    }
  }

  /** Lets the last blocks go. */
  private void let(int number) {
    for (int i = 0; i < number && count > 0; i++) {
      blocks[--count] = null;
    }
  }
}
