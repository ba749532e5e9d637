package io.kvstore.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies the files of a store in aligned blocks of 2 MiB, for which Linux uses huge pages where it
 * can: a process that maps the copy then finds it as if it had been written in large blocks. After
 * a copy by {@code cp} no huge page is mapped, and mapped stores are slower than those who filled
 * theirs.
 */
public final class DirectoryCopy {
  private static final int PIECE_BYTES = 2 << 20;

  private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

  private DirectoryCopy() {}

  /**
   * Copies what is in a directory into another that is there. Pieces without anything but zeros
   * become holes. When it returns the copy is on the disk.
   */
  public static void copy(Path from, Path to) {
    DirectoryCopy copy = new DirectoryCopy();
    try {
      List<Path> all;
      try (Stream<Path> walk = Files.walk(from)) {
        all = walk.toList();
      }
      for (Path source : all) {
        Path target = to.resolve(from.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(target);
        } else {
          copy.file(source, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("can't copy " + from + " to " + to, e);
    }
    DiskUsage.settle();
  }

  private void file(Path source, Path target) throws IOException {
    try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long size = in.size();
      for (long at = 0; at < size; at += PIECE_BYTES) {
        piece.clear();
        while (piece.hasRemaining() && in.read(piece, at + piece.position()) > 0) {}
        piece.flip();
        boolean last = at + PIECE_BYTES >= size;
        if (last || !isZero()) {
          while (piece.hasRemaining()) {
            out.write(piece, at + piece.position());
          }
        }
      }
    }
  }

  private boolean isZero() {
    for (int i = 0; i <= piece.limit() - Long.BYTES; i += Long.BYTES) {
      if (piece.getLong(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
