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
 * A file with the text of the {@link Holder}, kept open: reading it by its path would end in a
 * close, and any close gives up the lock that the process has on the file. To be used on threads of
 * the store, one at a time.
 */
final class HolderFile implements Closeable {
  /**
   * What a clean close leaves: not nothing, so that the next text finds its block on a full disk.
   */
  private static final String BLANK = "\n";

  private final FileChannel channel;

  /** The file at the time of the last look at it that found what should be there. */
  private volatile @Nullable Stamp stamp;

  /** What is in the file: what was to be written, unless the disk was full. */
  private String content = "";

  private HolderFile(FileChannel channel, @Nullable Stamp stamp) {
    this.channel = channel;
    this.stamp = stamp;
  }

  /** Opens a file, and creates it if it is missing. */
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

  /** Returns what a look at the file has to find if nobody has touched it. */
  @Nullable Stamp stamp() {
    return stamp;
  }

  /** Tells whether a look has found this very file. */
  boolean isSameFile(@Nullable Stamp found) {
    Stamp known = stamp;
    return known != null && known.isSameFile(found);
  }

  /** Notes that somebody has touched the file and not changed it. */
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

  /** Tells whether the file has what was written. */
  boolean isUnchanged() throws IOException {
    return read().equals(content);
  }

  /** Replaces the text in its place, so that it needs no new block if there was one before. */
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

  /** Tells whether the file holds a text that could be written in full. */
  boolean holds(String text) {
    return Objects.equals(content, text);
  }

  /** Takes the text back, unless it is another's by now. */
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
