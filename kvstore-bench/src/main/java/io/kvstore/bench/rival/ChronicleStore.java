package io.kvstore.bench.rival;

import io.kvstore.bench.BenchStore;
import io.kvstore.bench.load.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.map.ChronicleMapBuilder;

/**
 * Chronicle Map by "Tutorial": persisted to a file, with the number of entries and the lengths of
 * keys and values given, as they are all alike, and puts that do not return the old value. It has
 * no sync. "Recovery" of its features asks for another call to open a file whose last process was
 * killed; whether it was is for the application to know, here by a file that a close leaves.
 *
 * @param closedMark the file that a close leaves
 */
record ChronicleStore(Path closedMark, ChronicleMap<String, byte[]> map) implements BenchStore {

  static BenchStore open(StoreSpec spec) {
    ChronicleMapBuilder<String, byte[]> builder =
        ChronicleMapBuilder.of(String.class, byte[].class)
            .name("entries")
            .entries(spec.entries())
            .constantKeySizeBySample(Workload.key(0))
            .constantValueSizeBySample(new byte[spec.valueBytes()])
            .putReturnsNull(true);
    Path file = spec.directory().resolve("entries.chronicle");
    Path mark = spec.directory().resolve("closed");
    try {
      boolean wasKilled = Files.exists(file) && !Files.deleteIfExists(mark);
      return new ChronicleStore(
          mark,
          wasKilled
              ? builder.recoverPersistedTo(file.toFile(), true)
              : builder.createPersistedTo(file.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException("can't open " + file, e);
    }
  }

  @Override
  public byte[] get(String key) {
    return Objects.requireNonNull(map.get(key), key);
  }

  @Override
  public void put(String key, byte[] value) {
    map.put(key, value);
  }

  @Override
  public void settle() {}

  @Override
  public void close() {
    map.close();
    try {
      Files.createFile(closedMark);
    } catch (IOException e) {
      throw new UncheckedIOException("can't make " + closedMark, e);
    }
  }
}
