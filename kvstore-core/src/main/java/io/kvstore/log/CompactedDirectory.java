package io.kvstore.log;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** Compacted segments of a directory. To be used on a thread of the store. */
final class CompactedDirectory implements CompactedFiles {
  private static final Cleaner CLEANER = Cleaner.create();

  private final SegmentFiles files;
  private final AtomicLong unreleasedBytes;
  private long lastId;

  /**
   * @param lastId the highest id that was ever seen
   * @param unreleasedBytes counts bytes of deleted files whose mapping is still held
   */
  CompactedDirectory(SegmentFiles files, long lastId, AtomicLong unreleasedBytes) {
    this.files = files;
    this.lastId = lastId;
    this.unreleasedBytes = unreleasedBytes;
  }

  @Override
  public Output create(int capacity) throws IOException {
    SegmentHeader header =
        new SegmentHeader(++lastId, capacity, files.secret(), SegmentHeader.COMPACTED);
    Path file = files.path(header);
    FileChannel channel =
        files.storage().open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    return new FileOutput(header, file, channel);
  }

  private final class FileOutput implements Output {
    private final SegmentHeader header;
    private final Path file;
    private final FileChannel channel;
    private long at;

    FileOutput(SegmentHeader header, Path file, FileChannel channel) {
      this.header = header;
      this.file = file;
      this.channel = channel;
    }

    @Override
    public SegmentHeader header() {
      return header;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      files.storage().write(channel, bytes, at);
      at += length;
    }

    @Override
    public Segment finish() throws IOException {
      files.storage().sync(channel);
      channel.close();
      return files.openReadOnly(header);
    }

    @Override
    public void abandon() {
      try {
        channel.close();
        files.delete(file);
      } catch (IOException e) {
        StoreLog.get().log(System.Logger.Level.WARNING, "can't delete " + file, e);
      }
    }
  }

  @Override
  public void commit(SegmentList list, Runnable listed) throws IOException {
    // The new files first: a list never names a file that a power cut can take.
    files.syncDirectory();
    ByteBuffer text = list.toBytes();
    Path directory = files.directory();
    Storage storage = files.storage();
    FileReplacement.stage(
        directory, SegmentList.FILE, storage, channel -> storage.write(channel, text, 0));
    listed.run(); // before it may be so: what fails from here on leaves it in doubt
    FileReplacement.move(directory, SegmentList.FILE, storage);
    storage.syncDirectory(directory);
  }

  @Override
  public long usableBytes() throws IOException {
    return Files.getFileStore(files.directory()).getUsableSpace();
  }

  @Override
  public boolean delete(Segment segment) {
    Path file = files.path(segment.header());
    boolean isGone = false;
    try {
      segment.closeChannel();
      files.delete(file);
      isGone = true;
    } catch (IOException e) {
      StoreLog.get().log(System.Logger.Level.WARNING, "can't delete " + file, e);
    }
    MappedByteBuffer mapped = segment.mapped();
    if (mapped != null) {
      AtomicLong counter = unreleasedBytes;
      long bytes = segment.capacity();
      counter.addAndGet(bytes);
      CLEANER.register(mapped, () -> counter.addAndGet(-bytes));
    }
    return isGone;
  }
}
