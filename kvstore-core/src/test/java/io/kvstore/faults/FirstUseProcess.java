package io.kvstore.faults;

import io.kvstore.ChangeListener;
import io.kvstore.Durability;
import io.kvstore.Entry;
import io.kvstore.KeyRange;
import io.kvstore.KvStore;
import io.kvstore.Snapshot;
import io.kvstore.StoreListener;
import io.kvstore.Watch;
import io.kvstore.codec.Codecs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** A process that opens a store, waits until it is idle, and then uses it for the first time. */
final class FirstUseProcess {
  /** Printed between the two. */
  static final String OPEN = "the store is open";

  /** Printed after that, when the store is closed. */
  static final String USED = "the store has been used";

  /** A listener that is told everything. */
  private static final class Listener implements StoreListener {}

  /** A change listener without anything to do. */
  private static final class Watcher implements ChangeListener<String, byte[]> {
    @Override
    public void onPut(Entry<String, byte[]> entry) {}

    @Override
    public void onDelete(String key, long version) {}

    @Override
    public void onGap(long from, long to) {}
  }

  /** A function that keeps a value. */
  private static final class Keeping implements BiFunction<String, byte[], byte[]> {
    @Override
    public byte[] apply(String key, byte[] value) {
      return value;
    }
  }

  private FirstUseProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    KvStore<String, byte[]> store =
        KvStore.builder(Codecs.string(), Codecs.bytes())
            .directory(Path.of(arguments[0]))
            .durability(Durability.valueOf(arguments[1]))
            .maxSegmentBytes(1 << 20)
            .ordered()
            .listener(new Listener())
            .open();
    while (!isQuiet()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    System.out.println(OPEN);
    use(store);
    useMore(store, Path.of(arguments[0].concat(".backup")));
    while (!isQuiet()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    store.close();
    System.out.println(USED);
  }

  private static boolean isQuiet() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(each -> each.getKey().getName().startsWith("kvstore"))
        .allMatch(
            each ->
                Arrays.stream(each.getValue())
                    .anyMatch(frame -> frame.getMethodName().startsWith("await")));
  }

  private static void use(KvStore<String, byte[]> store) {
    byte[] value = new byte[1000];
    for (int i = 0; i < 3_000; i++) {
      store.put(key(i % 300), value);
      store.get(key(i % 300));
    }
    for (int i = 0; i < 100; i++) {
      store.delete(key(i));
    }
    store.write(store.batch().put("a", value).put("b", value));
    store.putIfAbsent("c", value);
    try (Snapshot<String, byte[]> snapshot = store.snapshot()) {
      store.put("a", value);
      snapshot.get("a");
    }
    store.compact();
    store.sync();
    store.stats();
  }

  /** Concatenates without linking, which the JDK's log would show. */
  private static String key(int number) {
    return "key".concat(Integer.toString(number));
  }

  private static void useMore(KvStore<String, byte[]> store, Path backup) {
    byte[] value = new byte[10];
    store.put("short", value, Duration.ofMillis(1));
    store.put("long", value, Duration.ofDays(1));
    store.touch("long", Duration.ofDays(2));
    store.remaining("long");
    store.persist("long");
    store.replace("long", value, value);
    store.delete("long", value);
    long version = store.entry("b").version();
    store.replaceVersion("b", version, value);
    store.compute("a", new Keeping());
    store.containsKey("a");
    store.view("a");
    Watch watch = store.watch(new Watcher());
    store.putAsync("watched", value).join();
    readAll(store.iterator());
    readAll(store.scan(KeyRange.all()).iterator());
    store.page(KeyRange.all(), null, 10);
    watch.close();
    store.backup(backup);
    store.write(store.batch().delete("a").delete("b"));
  }

  private static void readAll(Iterator<Entry<String, byte[]>> all) {
    while (all.hasNext()) {
      all.next();
    }
  }
}
