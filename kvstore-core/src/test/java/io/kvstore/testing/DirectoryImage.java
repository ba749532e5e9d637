package io.kvstore.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An image of all files of a directory at one point in time, except the lock; can be mixed with
 * those of another.
 */
public final class DirectoryImage {
  private static final String LOCK = "lock";

  private final SortedMap<String, byte[]> files;

  private DirectoryImage(SortedMap<String, byte[]> files) {
    this.files = files;
  }

  public static DirectoryImage of(Path directory) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.filter(p -> !p.endsWith(LOCK)).toList()) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new DirectoryImage(files);
  }

  /** Makes these the only files of a directory. */
  public void writeTo(Path directory) {
    try {
      Files.createDirectories(directory);
      StoreFiles.delete(directory);
      Files.createDirectory(directory);
      for (String name : files.keySet()) {
        Files.write(directory.resolve(name), files.get(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies these files over those of a directory. */
  public void writeOver(Path directory) {
    try {
      for (String name : files.keySet()) {
        Files.write(directory.resolve(name), files.get(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Set<String> names() {
    return files.keySet();
  }

  public byte @Nullable [] bytes(String name) {
    return files.get(name);
  }

  /** Returns the same with some files as they are in another one: changed, added or removed. */
  public DirectoryImage with(Collection<String> names, DirectoryImage other) {
    SortedMap<String, byte[]> mixed = new TreeMap<>(files);
    for (String name : names) {
      byte[] bytes = other.files.get(name);
      if (bytes == null) {
        mixed.remove(name);
      } else {
        mixed.put(name, bytes);
      }
    }
    return new DirectoryImage(mixed);
  }

  /** Returns the same with all files of another one copied over it. */
  public DirectoryImage overwrittenBy(DirectoryImage other) {
    return with(other.names(), other);
  }

  public DirectoryImage without(String name) {
    SortedMap<String, byte[]> fewer = new TreeMap<>(files);
    fewer.remove(name);
    return new DirectoryImage(fewer);
  }

  public boolean isSame(DirectoryImage other) {
    return files.keySet().equals(other.files.keySet())
        && files.keySet().stream().allMatch(f -> Arrays.equals(files.get(f), other.files.get(f)));
  }

  /** Returns whether some file has just these bytes, whatever it is called. */
  public boolean hasBytes(byte[] bytes) {
    return files.values().stream().anyMatch(each -> Arrays.equals(each, bytes));
  }
}
