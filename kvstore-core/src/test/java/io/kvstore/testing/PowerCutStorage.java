package io.kvstore.testing;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.kvstore.platform.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A simulated disk that tracks what has been synced: bytes of files, and names of the directory.
 * Before each operation it records the state, so that a test can cut the power at that point.
 */
public final class PowerCutStorage implements Storage {
  private static final int PAGE_BYTES = 4096;
  private static final int HEADER_BYTES = 32;
  private static final String STAGED = "segments.new";
  private static final String SPARE = ".spare";

  /** Files that are only ever replaced. */
  private static final Set<String> REPLACED = Set.of(ListFile.NAME, "history");

  private final Path directory;
  private final Runnable duringSync;

  /** Of each file that is written to, how it starts: no two files start alike. */
  @GuardedBy("this")
  private final IdentityHashMap<FileChannel, byte[]> starts = new IdentityHashMap<>();

  @GuardedBy("this")
  private final Map<String, byte[]> syncedBytes = new HashMap<>();

  @GuardedBy("this")
  private SortedMap<String, byte[]> syncedNames = new TreeMap<>();

  @GuardedBy("this")
  private final Map<String, String> renamed = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, Object> inodes = new HashMap<>();

  @GuardedBy("this")
  private final List<Moment> moments = new ArrayList<>();

  private volatile boolean on;

  /**
   * @param duringSync run before each sync of a mapped file while it is on; what it writes is not
   *     synced by that
   */
  public PowerCutStorage(Path directory, Runnable duringSync) {
    this.directory = directory;
    this.duringSync = duringSync;
  }

  /**
   * The state at a possible power cut.
   *
   * @param now the files as the processes see them
   * @param names the files whose names are durable, as of the time when they became so
   * @param bytes the durable content of files
   * @param renamed names that may come back, each with the current name of its file
   */
  public record Moment(
      StoreImage now,
      Map<String, byte[]> names,
      Map<String, byte[]> bytes,
      Map<String, String> renamed) {

    /** Loses some of what is not safe: any of it, in any combination. */
    public StoreImage cut(Random random) {
      int share = random.nextInt(11);
      StoreImage left = now;
      TreeSet<String> all = new TreeSet<>(names.keySet());
      all.addAll(now.names());
      for (String name : all) {
        boolean keepsOld = random.nextInt(10) < share;
        if (REPLACED.contains(name) && names.containsKey(name)) {
          left = keepsOld ? left.with(name, names.get(name)) : left;
        } else if (!names.containsKey(name)) {
          left = keepsOld ? left.without(name) : withLostPages(left, name, share, random);
        } else if (now.has(name)) {
          left = withLostPages(left, name, share, random);
        } else if (keepsOld && renamed.containsKey(name) && now.has(renamed.get(name))) {
          left = left.with(name, now.bytes(renamed.get(name))); // whatever was done to it since
        } else if (keepsOld) {
          left = left.with(name, names.get(name));
        }
      }
      return left;
    }

    private StoreImage withLostPages(StoreImage left, String name, int share, Random random) {
      if (!name.endsWith(".segment") && !name.endsWith(".compacted")) {
        return left;
      }
      byte[] written = now.bytes(name);
      byte[] safe = bytes.getOrDefault(name, new byte[0]);
      byte[] mixed = written.clone();
      for (int at = 0; at < written.length; at += PAGE_BYTES) {
        if (random.nextInt(10) < share) {
          int end = Math.min(at + PAGE_BYTES, written.length);
          System.arraycopy(Arrays.copyOf(safe, written.length), at, mixed, at, end - at);
        }
      }
      int shortest = Math.min(safe.length, written.length);
      boolean isShort = random.nextInt(10) < share;
      int length = shortest + random.nextInt(written.length - shortest + 1);
      return left.with(name, isShort ? Arrays.copyOf(mixed, length) : mixed);
    }
  }

  /** Takes all there is now as synced, and starts to take notes. */
  public synchronized void start() {
    StoreImage now = image();
    syncedBytes.clear();
    for (String name : now.names()) {
      syncedBytes.put(name, now.bytes(name));
    }
    syncedNames = namesOf(now);
    inodes.clear();
    renamed.clear();
    followNames();
    on = true;
  }

  /** Takes as synced what was at a moment of another process, and starts to take notes. */
  public synchronized void start(Moment moment) {
    syncedBytes.putAll(moment.bytes());
    syncedNames = new TreeMap<>(moment.names());
    inodes.clear();
    renamed.clear();
    followNames();
    on = true;
  }

  /** Stops to take notes, and returns them. */
  public synchronized List<Moment> stop() {
    note();
    on = false;
    List<Moment> all = List.copyOf(moments);
    moments.clear();
    return all;
  }

  /** Returns the files of one moment, though other threads of the store go on. */
  private StoreImage image() {
    StoreImage last = null;
    while (true) {
      try {
        StoreImage next = StoreImage.of(directory);
        if (last != null && next.isSame(last)) {
          return next;
        }
        last = next;
      } catch (UncheckedIOException e) {
        last = null; // a file has gone meanwhile
      }
    }
  }

  private static SortedMap<String, byte[]> namesOf(StoreImage image) {
    SortedMap<String, byte[]> names = new TreeMap<>();
    image.names().forEach(name -> names.put(name, image.bytes(name)));
    return names;
  }

  /** Learns which files have been given another name: spare ones, and what becomes of them. */
  @GuardedBy("this")
  private void followNames() {
    Map<String, Object> now = new HashMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        now.put(file.getFileName().toString(), Files.getAttribute(file, "unix:ino"));
      }
    } catch (IOException e) {
      return; // a file has gone meanwhile: the next look will see
    }
    for (String name : now.keySet()) {
      for (String before : inodes.keySet()) {
        if ((name + before).contains(SPARE)
            && !now.containsKey(before)
            && now.get(name).equals(inodes.get(before))) {
          byte[] safe = syncedBytes.remove(before);
          syncedBytes.put(name, safe == null ? new byte[0] : safe);
          renamed.replaceAll((old, last) -> last.equals(before) ? name : last);
          renamed.put(before, name);
        }
      }
    }
    inodes.clear();
    inodes.putAll(now);
  }

  private synchronized void note() {
    if (on) {
      followNames();
      StoreImage now = image();
      moments.add(
          new Moment(now, Map.copyOf(syncedNames), Map.copyOf(syncedBytes), Map.copyOf(renamed)));
    }
  }

  @Override
  public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    note();
    if (at == 0) {
      byte[] start = new byte[Math.min(HEADER_BYTES, bytes.remaining())];
      bytes.get(bytes.position(), start);
      synchronized (this) {
        starts.put(file, start);
      }
    }
    Storage.FILES.write(file, bytes, at);
  }

  @Override
  public void sync(FileChannel file) {
    note();
    synchronized (this) {
      byte[] start = starts.get(file);
      if (on && start != null) {
        synced(start);
      }
    }
  }

  @GuardedBy("this")
  private void synced(byte[] start) {
    StoreImage now = image();
    for (String name : now.names()) {
      byte[] content = now.bytes(name);
      if (content.length >= start.length
          && Arrays.equals(content, 0, start.length, start, 0, start.length)
          && (!name.equals(ListFile.NAME) || !now.has(STAGED))) {
        syncedBytes.put(name, content);
      }
    }
  }

  @Override
  public void sync(MappedByteBuffer mapped, int from, int length) {
    byte[] content = new byte[mapped.capacity()];
    mapped.get(0, content);
    if (on) {
      duringSync.run();
    }
    note();
    synchronized (this) {
      StoreImage now = image();
      for (String name : now.names()) {
        byte[] file = now.bytes(name);
        if (file.length == content.length && Arrays.equals(file, 0, 32, content, 0, 32)) {
          byte[] safe = Arrays.copyOf(syncedBytes.getOrDefault(name, new byte[0]), file.length);
          System.arraycopy(content, from, safe, from, length);
          syncedBytes.put(name, safe);
        }
      }
    }
  }

  @Override
  public void syncDirectory(Path synced) {
    note();
    synchronized (this) {
      if (on) {
        syncedNames = namesOf(image());
        renamed.clear();
      }
    }
  }
}
