package io.kvstore.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.platform.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A simulated disk that tracks what has been synced in one directory, so that a test can cut the
 * power at any time: each unsynced page and name is then there or not, in any combination. Fast
 * enough for long runs, unlike {@link PowerCutStorage}, which records the state before each
 * operation.
 *
 * <p>A file is identified by its inode, whatever its name and its former content. Segments are
 * written in place and lose pages; all other files are written as a whole, under a temporary name.
 */
public final class CutDisk implements Storage {
  private static final int PAGE_BYTES = 4096;
  private static final int HEADER_BYTES = 32;
  private static final int MAX_LISTINGS = 10_000;
  private static final String LOCK = "lock";
  private static final String STAGED = ".new";

  private final Path directory;

  /** What is safe of the content of segments, by inode. */
  @GuardedBy("this")
  private final Map<Object, byte[]> safeBytes = new HashMap<>();

  /** The names that are safe. */
  @GuardedBy("this")
  private Map<String, Named> safeNames = new HashMap<>();

  @GuardedBy("this")
  private final WeakHashMap<FileChannel, Writes> channels = new WeakHashMap<>();

  /** Which file starts with a header. */
  @GuardedBy("this")
  private Map<ByteBuffer, Object> inodes = new HashMap<>();

  @GuardedBy("this")
  private boolean on;

  /**
   * A file whose name is durable.
   *
   * @param content the content of a file that is written as a whole, else null
   */
  private record Named(Object inode, @Nullable ByteBuffer content) {}

  /** The writes through a channel since its last sync. */
  private static final class Writes {
    private @Nullable Object inode;
    private final List<Write> unsynced = new ArrayList<>();
  }

  private record Write(long at, ByteBuffer bytes) {}

  /** The file under a name. */
  private record Found(Object inode, ByteBuffer content) {}

  public CutDisk(Path directory) {
    this.directory = directory;
  }

  /** Takes all there is as safe; from here on the power may be cut. */
  public synchronized void start() {
    safeBytes.clear();
    safeNames.clear();
    Map<String, Found> now = read();
    now.forEach(
        (name, found) -> {
          safeNames.put(name, named(name, found));
          if (isSegment(name)) {
            safeBytes.put(found.inode(), found.content().array());
          }
        });
    on = true;
  }

  /** Leaves in another directory what a power cut at this moment leaves in this one. */
  public synchronized void cut(Path to, Random random) throws IOException {
    Map<String, Found> now = read();
    Files.createDirectories(to);
    Files.write(to.resolve(LOCK), "process 1 on nowhere".getBytes(UTF_8));
    int share = random.nextInt(11);
    TreeSet<String> names = new TreeSet<>(safeNames.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      boolean isOld = random.nextInt(10) < share;
      byte[] left =
          isOld
              ? old(safeNames.get(name), now.get(name))
              : left(name, now.get(name), share, random);
      if (left != null) {
        Files.write(to.resolve(name), left);
      }
    }
  }

  /** Returns what is under a name if nothing since the last sync of the directory is left. */
  @GuardedBy("this")
  private byte @Nullable [] old(@Nullable Named safe, @Nullable Found now) {
    if (safe == null) {
      return null;
    }
    if (safe.content() != null) {
      return safe.content().array();
    }
    byte[] bytes = safeBytes.get(safe.inode());
    boolean isSame = now != null && now.inode().equals(safe.inode());
    int length = isSame ? Objects.requireNonNull(now).content().capacity() : 0;
    return bytes == null ? new byte[length] : Arrays.copyOf(bytes, Math.max(length, bytes.length));
  }

  /** Returns what is left under a name that is there, but for some pages. */
  @GuardedBy("this")
  private byte @Nullable [] left(String name, @Nullable Found now, int share, Random random) {
    if (now == null || !isSegment(name)) {
      return now == null ? null : now.content().array();
    }
    byte[] written = now.content().array();
    byte[] safe = safeBytes.getOrDefault(now.inode(), new byte[0]);
    byte[] mixed = written.clone();
    for (int at = 0; at < written.length; at += PAGE_BYTES) {
      if (random.nextInt(10) < share) {
        int end = Math.min(at + PAGE_BYTES, written.length);
        System.arraycopy(Arrays.copyOf(safe, written.length), at, mixed, at, end - at);
      }
    }
    boolean isShort = safe.length < written.length && random.nextInt(10) < share;
    int length = safe.length + (isShort ? random.nextInt(written.length - safe.length) : 0);
    return isShort ? Arrays.copyOf(mixed, length) : mixed;
  }

  // ---- what the store calls

  @Override
  public synchronized void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    boolean isNew = on && at == 0 && file.size() == 0;
    Storage.FILES.write(file, bytes, at);
    Writes writes = channels.computeIfAbsent(file, f -> new Writes());
    if (on && at == 0 && copy.length >= HEADER_BYTES && !isBlank(copy)) {
      Object inode = inode(header(ByteBuffer.wrap(copy)));
      writes.inode = inode;
      if (isNew && inode != null) {
        created(inode);
      }
    }
    if (on) {
      writes.unsynced.add(new Write(at, ByteBuffer.wrap(copy)));
    }
  }

  @Override
  public synchronized void sync(FileChannel file) throws IOException {
    Writes writes = channels.get(file);
    if (on && writes != null) {
      Object inode = writes.inode == null ? inodeOf(file) : writes.inode;
      writes.inode = inode;
      if (inode != null) {
        writes.unsynced.forEach(write -> safe(inode, (int) write.at(), write.bytes().array()));
      }
    }
    if (writes != null) {
      writes.unsynced.clear();
    }
  }

  @Override
  public synchronized void sync(MappedByteBuffer mapped, int from, int length) {
    if (on) {
      Object inode = inode(header(mapped));
      byte[] bytes = new byte[length];
      mapped.get(from, bytes);
      if (inode != null) {
        safe(inode, from, bytes);
      }
    }
  }

  @Override
  public synchronized void syncDirectory(Path synced) {
    if (on && synced.equals(directory)) {
      Map<String, Named> names = new HashMap<>();
      read(Integer.MAX_VALUE, 0).forEach((name, found) -> names.put(name, named(name, found)));
      Set<Object> named = new HashSet<>();
      names.values().forEach(name -> named.add(name.inode()));
      safeNames = names;
      safeBytes.keySet().retainAll(named);
    }
  }

  // ---- inodes

  /** Learns of a new file, which may have the inode of one that has just been deleted. */
  @GuardedBy("this")
  private void created(Object inode) {
    Object gone = new Object();
    byte[] bytes = safeBytes.remove(inode);
    if (bytes != null) {
      safeBytes.put(gone, bytes);
    }
    safeNames.replaceAll(
        (name, safe) -> safe.inode().equals(inode) ? new Named(gone, safe.content()) : safe);
  }

  @GuardedBy("this")
  private void safe(Object inode, int at, byte[] bytes) {
    byte[] safe = safeBytes.getOrDefault(inode, new byte[0]);
    byte[] grown = Arrays.copyOf(safe, Math.max(safe.length, at + bytes.length));
    System.arraycopy(bytes, 0, grown, at, bytes.length);
    safeBytes.put(inode, grown);
  }

  private static Named named(String name, Found found) {
    return new Named(found.inode(), isSegment(name) ? null : found.content());
  }

  private static boolean isSegment(String name) {
    return name.endsWith(".segment") || name.endsWith(".compacted") || name.endsWith(".spare");
  }

  /** Tells whether a file is made a spare one, of which there may be many that start alike. */
  private static boolean isBlank(byte[] start) {
    return Arrays.equals(start, 0, HEADER_BYTES, new byte[HEADER_BYTES], 0, HEADER_BYTES);
  }

  private static ByteBuffer header(ByteBuffer file) {
    byte[] header = new byte[HEADER_BYTES];
    file.get(0, header);
    return ByteBuffer.wrap(header);
  }

  @GuardedBy("this")
  private @Nullable Object inodeOf(FileChannel file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    try {
      return file.read(header, 0) < HEADER_BYTES ? null : inode(header.flip());
    } catch (NonReadableChannelException e) {
      return null;
    }
  }

  /** Returns the file of the directory that starts with a header, or null for one of elsewhere. */
  @GuardedBy("this")
  private @Nullable Object inode(ByteBuffer header) {
    Object known = inodes.get(header);
    if (known == null) {
      Map<ByteBuffer, Object> there = new HashMap<>();
      read(0, HEADER_BYTES).forEach((name, found) -> there.put(found.content(), found.inode()));
      inodes = there;
      known = there.get(header);
    }
    return known;
  }

  /** Reads all files, of one moment as far as anything is written through this disk. */
  private Map<String, Found> read() {
    return read(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * Reads how files start, but for the lock and what is being written beside its place.
   *
   * @param wholeBytes so much of a file that is written as a whole
   * @param segmentBytes so much of a segment
   */
  private Map<String, Found> read(int wholeBytes, int segmentBytes) {
    try {
      // A file that gets another name meanwhile could be found under neither: then once more.
      for (int attempt = 0; attempt < MAX_LISTINGS; attempt++) {
        Map<String, Found> found = new HashMap<>();
        Set<Path> files = list();
        boolean isWhole = true;
        for (Path file : files) {
          String name = file.getFileName().toString();
          isWhole &= isRead(file, isSegment(name) ? segmentBytes : wholeBytes, found);
        }
        if (isWhole && files.equals(list())) {
          return found;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the files of " + directory + " never stay the same");
  }

  private Set<Path> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> !file.endsWith(LOCK) && !file.toString().endsWith(STAGED))
          .collect(Collectors.toSet());
    }
  }

  private static boolean isRead(Path file, int bytes, Map<String, Found> found) throws IOException {
    try {
      Object inode =
          Objects.requireNonNull(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
      byte[] content = new byte[0];
      if (bytes > 0) {
        try (InputStream in = Files.newInputStream(file)) {
          content = in.readNBytes(bytes);
        }
      }
      found.put(file.getFileName().toString(), new Found(inode, ByteBuffer.wrap(content)));
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
