package io.kvstore.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An image of the files of a store at one point in time, by name; can be damaged and written to
 * another directory. The index is left out, so that opening has to read the log.
 */
public final class StoreImage {
  private static final Set<String> LEFT_OUT = Set.of("lock", "owner", "index");

  private final SortedMap<String, byte[]> files;

  private StoreImage(SortedMap<String, byte[]> files) {
    this.files = files;
  }

  /** Reads all files of a directory, those that name the process and the index aside. */
  public static StoreImage of(Path directory) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.sorted().toList()) {
        if (!LEFT_OUT.contains(path.getFileName().toString())) {
          try {
            files.put(path.getFileName().toString(), Files.readAllBytes(path));
          } catch (NoSuchFileException e) {
            // An open store makes and renames files: this one went meanwhile.
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StoreImage(files);
  }

  /** Makes these the only files of a directory. */
  public void writeTo(Path directory) {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> paths = Files.list(directory)) {
        for (Path path : paths.toList()) {
          if (!files.containsKey(path.getFileName().toString())) {
            Files.delete(path);
          }
        }
      }
      for (String name : files.keySet()) {
        Files.write(directory.resolve(name), files.get(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the names of the segment files, in the order of the log. */
  public List<String> segments() {
    return files.keySet().stream().filter(name -> name.endsWith(".segment")).toList();
  }

  /** Returns the names of all files. */
  public Set<String> names() {
    return files.keySet();
  }

  /** Returns the content of a file; not to be changed. */
  public byte[] bytes(String name) {
    return files.get(name);
  }

  /** Returns whether there is such a file. */
  public boolean has(String name) {
    return files.containsKey(name);
  }

  /** Returns the same with another content of one file. */
  public StoreImage with(String name, byte[] bytes) {
    SortedMap<String, byte[]> changed = new TreeMap<>(files);
    changed.put(name, bytes);
    return new StoreImage(changed);
  }

  /** Returns the same without a file. */
  public StoreImage without(String name) {
    SortedMap<String, byte[]> changed = new TreeMap<>(files);
    changed.remove(name);
    return new StoreImage(changed);
  }

  /** Returns the same with one file cut to a length. */
  public StoreImage truncated(String name, int length) {
    return with(name, Arrays.copyOf(bytes(name), length));
  }

  /** Returns the same with one byte changed. */
  public StoreImage flipped(String name, int offset, int pattern) {
    byte[] bytes = bytes(name).clone();
    bytes[offset] ^= (byte) pattern;
    return with(name, bytes);
  }

  /** Returns whether the other has the same files with the same content. */
  public boolean isSame(StoreImage other) {
    return files.keySet().equals(other.files.keySet())
        && files.keySet().stream().allMatch(f -> Arrays.equals(files.get(f), other.files.get(f)));
  }
}
