package io.kvstore.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvstore.ClosedStoreException;
import io.kvstore.CorruptStoreException;
import io.kvstore.KvStoreException;
import io.kvstore.codec.kryo.SchemaStore;
import io.kvstore.platform.AtomicFile;
import io.kvstore.platform.Storage;
import io.kvstore.platform.StoreThread;
import io.kvstore.platform.TextChecksum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The schema file of a store: a small text file of its directory, which is replaced each time a
 * line is added: a crash leaves it without the line or with it, never torn. So any error in it is
 * damage.
 *
 * <p>A line is durable before it is used, in every durability mode, and a backup copies it after
 * the records that use it were determined. All file operations are done on threads of the store.
 */
public final class SchemaFile implements SchemaStore {
  public static final String FILE = "schemas";

  private static final String HEAD = "kvstore schemas\n";
  private static final String END = "checksum ";
  private static final int CHECKSUM_CHARS = 8;

  private final Path directory;
  private final @Nullable Storage storage;
  private List<String> lines;
  private boolean isClosed;

  private SchemaFile(Path directory, @Nullable Storage storage, List<String> lines) {
    this.directory = directory;
    this.storage = storage;
    this.lines = lines;
  }

  /** Opens the file of a store with exclusive write access; called on a thread of the store. */
  public static SchemaFile open(Path directory, Storage storage) throws IOException {
    return new SchemaFile(directory, storage, readAll(directory));
  }

  /** Opens the file of a store that another process may write; it is read again each time. */
  public static SchemaFile openForReading(Path directory) throws IOException {
    return new SchemaFile(directory, null, readAll(directory));
  }

  /** Reads the lines of the file of a directory. */
  private static List<String> readAll(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return List.of();
    }
    byte[] bytes = Files.readAllBytes(file);
    List<String> whole = wholeLines(bytes);
    if (!Arrays.equals(bytes, text(whole))) {
      throw new CorruptStoreException(file, 0, "the schemas are not what was written");
    }
    return whole;
  }

  /** Returns the intact lines of a damaged file. */
  public static List<String> salvage(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    return Files.exists(file) ? wholeLines(Files.readAllBytes(file)) : List.of();
  }

  private static List<String> wholeLines(byte[] bytes) {
    List<String> whole = new ArrayList<>();
    for (String line : new String(bytes, UTF_8).split("\n", -1)) {
      if (line.length() > CHECKSUM_CHARS
          && line.startsWith(TextChecksum.of(line.substring(CHECKSUM_CHARS + 1)) + " ")) {
        whole.add(line.substring(CHECKSUM_CHARS + 1));
      }
    }
    return List.copyOf(whole);
  }

  private static byte[] text(List<String> lines) {
    StringBuilder text = new StringBuilder(HEAD);
    for (String line : lines) {
      text.append(TextChecksum.of(line)).append(' ').append(line).append('\n');
    }
    return text.append(END)
        .append(TextChecksum.of(text.toString()))
        .append('\n')
        .toString()
        .getBytes(UTF_8);
  }

  /** Writes the file of a directory durably, replacing any other, if there is any line. */
  public static void write(Path directory, List<String> lines, Storage storage) throws IOException {
    if (!lines.isEmpty()) {
      ByteBuffer text = ByteBuffer.wrap(text(lines));
      AtomicFile.write(directory, FILE, storage, AtomicFile.of(text, storage));
    }
  }

  @Override
  public synchronized List<String> read() {
    if (isReadOnly()) {
      lines =
          call(
              "read",
              new Callable<>() {
                @Override
                public List<String> call() throws IOException {
                  return readAll(directory);
                }
              });
    }
    return lines;
  }

  @Override
  public synchronized void add(String line) {
    Storage to = storage;
    if (to == null) {
      throw new UnsupportedOperationException(directory + " is open for reading only");
    }
    if (isClosed) {
      throw new ClosedStoreException("the store is closed");
    }
    List<String> more = new ArrayList<>(lines);
    more.add(line);
    lines =
        call(
            "write",
            new Callable<>() {
              @Override
              public List<String> call() throws IOException {
                write(directory, more, to);
                return List.copyOf(more);
              }
            });
  }

  private List<String> call(String work, Callable<List<String>> task) {
    try {
      return StoreThread.call("schemas", directory, task);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KvStoreException known) {
        throw known;
      }
      throw new KvStoreException(
          "can't " + work + " " + directory.resolve(FILE) + ": " + e.getCause(), e.getCause());
    }
  }

  @Override
  public boolean isReadOnly() {
    return storage == null;
  }

  /** Rejects further lines: the directory may soon belong to another store. */
  public synchronized void close() {
    isClosed = true;
  }
}
