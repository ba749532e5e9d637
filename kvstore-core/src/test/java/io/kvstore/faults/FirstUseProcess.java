package io.kvstore.faults;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.Snapshot;
import io.kvstore.codec.Codecs;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A process that opens a store, waits until it is idle, and then uses it for the first time. */
final class FirstUseProcess {
  /** Printed between the two. */
  static final String OPEN = "the store is open";

  /** Printed after that, and before the store is closed. */
  static final String USED = "the store has been used";

  private FirstUseProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    KvStore<String, byte[]> store =
        KvStore.builder(Codecs.string(), Codecs.bytes())
            .directory(Path.of(arguments[0]))
            .durability(Durability.valueOf(arguments[1]))
            .maxSegmentBytes(1 << 20)
            .open();
    while (!isQuiet()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    System.out.println(OPEN);
    use(store);
    while (!isQuiet()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    System.out.println(USED);
    store.close();
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
      store.put("key" + i % 300, value);
      store.get("key" + i % 300);
    }
    for (int i = 0; i < 100; i++) {
      store.delete("key" + i);
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
}
