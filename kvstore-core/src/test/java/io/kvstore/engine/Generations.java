package io.kvstore.engine;

import io.kvstore.Durability;
import io.kvstore.KvStore;
import io.kvstore.testing.DirectoryImage;
import io.kvstore.testing.FaultyStorage;
import io.kvstore.testing.History;
import io.kvstore.testing.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The files of a store at several times, of copies of it that have gone their own ways, and of
 * another store. All of them make changes of the same keys and lengths in the same order, and only
 * the values differ, so that their files are as much alike as they can be.
 */
final class Generations {
  private static final int KEYS = 30;

  /** Files at one time, and every change of the timeline that they are of. */
  record Generation(String name, DirectoryImage files, History history) {

    @Override
    public String toString() {
      return name;
    }
  }

  private final Path directory;
  private final Durability durability;
  private final List<Generation> all = new ArrayList<>();

  private Generations(Path directory, Durability durability) {
    this.directory = directory;
    this.durability = durability;
  }

  /** Makes them all below a directory. */
  static List<Generation> make(Path directory, Durability durability, long seed)
      throws IOException {
    Generations generations = new Generations(directory, durability);
    Line main = generations.line("main", new Random(seed), 'm', new History());
    main.start();
    Line fork = generations.fork(main, "fork", 'f', seed + 1);
    main.goOn(new Random(seed + 1));
    Line late = generations.fork(main, "late", 'l', seed + 2);
    main.compactAndGoOn(new Random(seed + 2));
    main.checkpoint(new Random(seed + 3));
    fork.goOn(new Random(seed + 1));
    fork.compactAndGoOn(new Random(seed + 2));
    late.compactAndGoOn(new Random(seed + 2));
    Line other = generations.line("other", new Random(seed), 'o', new History());
    other.start();
    other.goOn(new Random(seed + 1));
    other.compactAndGoOn(new Random(seed + 2));
    return generations.all;
  }

  private Line line(String name, Random random, char letter, History history) {
    return new Line(directory.resolve(name), random, letter, history);
  }

  private Line fork(Line from, String name, char letter, long seed) throws IOException {
    StoreFiles.copy(from.path, directory.resolve(name));
    return line(name, new Random(seed), letter, from.history.copy());
  }

  /** One directory that goes its way. */
  private final class Line {
    private final Path path;
    private final char letter;
    private final History history;
    private Random random;
    private int count;

    Line(Path path, Random random, char letter, History history) {
      this.path = path;
      this.random = random;
      this.letter = letter;
      this.history = history;
    }

    private KvStore<String, String> open() {
      return StoreDoor.open(path, durability, FaultyStorage.withoutSyncs());
    }

    void start() throws IOException {
      try (KvStore<String, String> store = open()) {
        change(store, 12);
      }
      keep("closed");
      try (KvStore<String, String> store = open()) {
        change(store, 40);
        keepCrash(path, "crashed");
      }
      keep("closed");
    }

    void goOn(Random next) throws IOException {
      random = next;
      try (KvStore<String, String> store = open()) {
        change(store, 60);
        keepCrash(path, "crashed");
        change(store, 20);
      }
      keep("closed");
    }

    void compactAndGoOn(Random next) throws IOException {
      random = next;
      Path backup = path.resolveSibling(path.getFileName() + "-backup");
      try (KvStore<String, String> store = open()) {
        change(store, 20);
        store.compact();
        keepCrash(path, "compacted");
        change(store, 45);
        store.compact();
        change(store, 10);
        store.backup(backup);
      }
      keep("closed");
      keepCrash(backup, "backup");
      try (KvStore<String, String> store = open()) {
        store.compact();
      }
      keep("closed without a change");
    }

    void checkpoint(Random next) throws IOException {
      random = next;
      try (KvStore<String, String> store =
          StoreDoor.openQuiet(path, durability, InstantSource.system(), false)) {
        change(store, 30);
        StoreDoor.checkpoint(store);
        change(store, 5);
        store.sync();
        keepCrash(path, "checkpoint");
        change(store, 40);
        keepCrash(path, "crashed");
      }
      keep("closed");
    }

    private void keep(String what) {
      String name = path.getFileName() + " " + count++ + " " + what;
      all.add(new Generation(name, DirectoryImage.of(path), history));
    }

    private void keepCrash(Path from, String what) throws IOException {
      Path copy = path.resolveSibling("crash");
      StoreFiles.copy(from, copy);
      String name = path.getFileName() + " " + count++ + " " + what;
      all.add(new Generation(name, DirectoryImage.of(copy), history));
      StoreFiles.delete(copy);
    }

    private void change(KvStore<String, String> store, int changes) {
      for (int i = 0; i < changes; i++) {
        String key = "key" + random.nextInt(KEYS);
        int kind = random.nextInt(10);
        String value = letter + "v".repeat(random.nextInt(kind == 9 ? 2_000 : 120));
        if (kind < 2 && store.containsKey(key)) {
          history.delete(store, key);
        } else if (kind == 2) {
          History.Change last = new History.Change("batch", value);
          history.write(store, List.of(new History.Change(key, value), last));
        } else {
          history.put(store, key, value + history.changes().size());
        }
      }
    }
  }
}
