package io.kvstore.recovery;

import io.kvstore.platform.Storage;
import io.kvstore.testing.FaultyStorage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Notes what changes a directory, and what makes that durable. */
public final class NotedSteps implements Storage {
  private final Storage files = FaultyStorage.withoutSyncs();
  public final List<String> steps = new ArrayList<>();

  @Override
  public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    steps.add("write");
    files.write(file, bytes, at);
  }

  @Override
  public void sync(FileChannel file) throws IOException {
    steps.add("sync file");
    files.sync(file);
  }

  @Override
  public void sync(MappedByteBuffer mapped, int from, int length) throws IOException {
    files.sync(mapped, from, length);
  }

  @Override
  public void move(Path file, Path to) throws IOException {
    steps.add("move " + name(file) + " to " + name(to));
    files.move(file, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    steps.add("delete " + name(file));
    files.delete(file);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    steps.add("sync");
    files.syncDirectory(directory);
  }

  private static String name(Path file) {
    return file.getFileName().toString().replaceFirst("^0*", "");
  }
}
