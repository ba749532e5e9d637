package io.kvstore.ownership;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A handle of an open directory, whose files are accessed through its descriptor and not its path:
 * whatever happens to the path, nothing is created, replaced or deleted in another directory. On a
 * system without such calls, the path is used.
 *
 * <p>As long as it is open, no new directory can get the same file key.
 */
final class DirectoryHandle implements Closeable {
  private final Path directory;
  private final @Nullable Object key;
  private final @Nullable SecureDirectoryStream<Path> stream;

  private DirectoryHandle(
      Path directory, @Nullable Object key, @Nullable SecureDirectoryStream<Path> stream) {
    this.directory = directory;
    this.key = key;
    this.stream = stream;
  }

  @SuppressWarnings("StreamResourceLeak") // it is the descriptor, open as long as this is
  static DirectoryHandle open(Path directory) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(directory);
    try {
      if (stream instanceof SecureDirectoryStream<Path> secure) {
        Object key =
            secure.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey();
        return new DirectoryHandle(directory, key, secure);
      }
      stream.close();
      Object key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
      return new DirectoryHandle(directory, key, null);
    } catch (Throwable e) {
      stream.close();
      throw e;
    }
  }

  Path path() {
    return directory;
  }

  /**
   * Returns the file key of the directory, which identifies it under any path; null if there are no
   * file keys.
   */
  @Nullable Object key() {
    return key;
  }

  /** Returns whether the path still leads to this directory. */
  boolean isInPlace() {
    try {
      Stamp now = Stamp.of(directory);
      return now != null && Objects.equals(now.key(), key);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Returns whether files are certainly accessed in this directory, and not in another one at its
   * path.
   */
  boolean isSafe() {
    return stream != null || isInPlace();
  }

  /** Opens a file; called on a thread of the store. */
  FileChannel open(Path name, OpenOption... options) throws IOException {
    SecureDirectoryStream<Path> secure = stream;
    if (secure != null) {
      SeekableByteChannel channel = secure.newByteChannel(name, Set.of(options));
      if (channel instanceof FileChannel file) {
        return file;
      }
      channel.close();
    }
    return FileChannel.open(directory.resolve(name), options);
  }

  /** Renames a file, replacing any file of that name. */
  void move(Path name, Path to) throws IOException {
    SecureDirectoryStream<Path> secure = stream;
    if (secure == null) {
      Files.move(directory.resolve(name), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    } else {
      secure.move(name, secure, to);
    }
  }

  /** Deletes a file if it exists. */
  void delete(Path name) throws IOException {
    SecureDirectoryStream<Path> secure = stream;
    if (secure == null) {
      Files.deleteIfExists(directory.resolve(name));
      return;
    }
    try {
      secure.deleteFile(name);
    } catch (NoSuchFileException e) {
      // already deleted
    }
  }

  /** Returns null if there is no such file. */
  @Nullable Stamp stamp(Path name) throws IOException {
    SecureDirectoryStream<Path> secure = stream;
    if (secure == null) {
      return Stamp.of(directory.resolve(name));
    }
    try {
      BasicFileAttributeView view = secure.getFileAttributeView(name, BasicFileAttributeView.class);
      return Stamp.of(view.readAttributes());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    SecureDirectoryStream<Path> secure = stream;
    if (secure != null) {
      secure.close();
    }
  }
}
