package io.kvstore.ownership;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file with the text of the {@link Holder}, kept open: reading it by its path would end with a
 * close, and any close releases the lock of the process on the file. Used on threads of the store,
 * one at a time.
 */
final class HolderFile implements Closeable {
  /**
   * The content after a clean close: not empty, so that the next text finds its block allocated on
   * a full disk.
   */
  private static final String BLANK = "\n";

  private final FileChannel channel;

  /** The stamp of the file at the last check that found the expected content. */
  private volatile @Nullable Stamp stamp;

  /** The content of the file: the written text, unless the disk was full. */
  private String content = "";

  private HolderFile(FileChannel channel, @Nullable Stamp stamp) {
    this.channel = channel;
    this.stamp = stamp;
  }

  /** Opens a file; creates it if it is missing. */
  static HolderFile open(DirectoryHandle directory, Path name) throws IOException {
    FileChannel channel =
        directory.open(
            name, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new HolderFile(channel, directory.stamp(name));
    } catch (Throwable e) {
      channel.close();
      throw e;
    }
  }

  FileChannel channel() {
    return channel;
  }

  /** Returns the expected stamp of the file if it is untouched. */
  @Nullable Stamp stamp() {
    return stamp;
  }

  /** Returns whether a stamp belongs to this file. */
  boolean isSameFile(@Nullable Stamp found) {
    Stamp known = stamp;
    return known != null && known.isSameFile(found);
  }

  /** Records that the file was touched without a change. */
  void touched(Stamp now) {
    stamp = now;
  }

  String read() throws IOException {
    return read(channel);
  }

  static String read(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(Holder.MAX_BYTES);
    while (text.hasRemaining() && channel.read(text, text.position()) >= 0) {}
    return UTF_8.decode(text.flip()).toString();
  }

  /** Returns whether the file has the written content. */
  boolean isUnchanged() throws IOException {
    return read().equals(content);
  }

  /** Overwrites the text in place, so that it needs no new block if there was one before. */
  void write(String text, DirectoryHandle directory, Path name) throws IOException {
    try {
      overwrite(text);
    } finally {
      content = read();
      Stamp now = directory.stamp(name);
      if (isSameFile(now)) {
        stamp = now;
      }
    }
  }

  private void overwrite(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    int length = bytes.remaining();
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
    channel.truncate(length);
  }

  /** Returns whether the file has a text, which was written completely. */
  boolean holds(String text) {
    return Objects.equals(content, text);
  }

  /** Clears the text, unless another opening has written its own. */
  void clear() throws IOException {
    if (!content.isBlank() && isUnchanged()) {
      overwrite(BLANK);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
