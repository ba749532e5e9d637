package io.kvstore.faults;

import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import io.kvstore.faults.script.Reopened;
import io.kvstore.testing.Configuration;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A process that opens and closes stores at the end of a thread's stack, and says whether their
 * directories can be opened afterwards.
 */
final class StackEndOpenings {
  /** Some more than there are depths at which a call can fail. */
  private static final int MAX_STORES = 120;

  private final Path directory;
  private final Configuration configuration;
  private final AtomicReferenceArray<KvStore<String, String>> stores =
      new AtomicReferenceArray<>(MAX_STORES);

  private StackEndOpenings(Path directory, Configuration configuration) {
    this.directory = directory;
    this.configuration = configuration;
  }

  public static void main(String[] arguments) throws Exception {
    StackEndOpenings process =
        new StackEndOpenings(Path.of(arguments[0]), Configuration.valueOf(arguments[1]));
    process.open("warm", 0).close(); // what happens once in a JVM
    process.openings();
    process.closings();
    System.out.println(StackEndProcess.GOOD);
    Runtime.getRuntime().halt(0);
  }

  private void openings() throws InterruptedException {
    for (StackEnd.Frame frame : StackEnd.Frame.values()) {
      String name = "opened " + frame + " ";
      StackEnd.call("open", frame, MAX_STORES, i -> stores.set(i, open(name, i)));
      StackEnd.onAnotherThread("close of what was opened", () -> closeAll(name));
      StackEnd.onAnotherThread("openings", () -> openAll(name));
    }
  }

  private void closings() throws InterruptedException {
    for (StackEnd.Frame frame : StackEnd.Frame.values()) {
      String name = "closed " + frame + " ";
      for (int i = 0; i < MAX_STORES; i++) {
        KvStore<String, String> store = open(name, i);
        store.put("key", "value");
        stores.set(i, store);
      }
      StackEnd.call("close", frame, MAX_STORES, i -> stores.get(i).close());
      StackEnd.onAnotherThread("second close", () -> closeAll(name));
      StackEnd.onAnotherThread("openings", () -> openAll(name));
    }
  }

  private KvStore<String, String> open(String name, int number) {
    return configuration.strings(directory.resolve(name + number)).open();
  }

  private void closeAll(String name) {
    for (int i = 0; i < MAX_STORES; i++) {
      KvStore<String, String> store = stores.getAndSet(i, null);
      if (store != null) {
        try {
          store.close();
        } catch (KvStoreException e) {
          throw new AssertionError("close of " + name + i, e);
        }
      }
    }
  }

  private void openAll(String name) {
    for (int i = 0; i < MAX_STORES; i++) {
      try {
        int number = i;
        Reopened.within(Limits.HANG_SECONDS, () -> open(name, number)).close();
      } catch (KvStoreException e) {
        throw new AssertionError("opening of " + name + i + " after an error: " + e, e);
      }
    }
  }
}
