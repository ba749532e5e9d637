package io.kvstore.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.compaction.CompactedDirectory;
import io.kvstore.platform.Storage;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpareFilesTest {
  private static final int BYTES = 8192;

  @TempDir Path directory;

  private final RefusingStorage storage = new RefusingStorage();
  private SpareFiles spares;
  private CompactedDirectory compacted;
  private Segment first;
  private Segment second;

  @BeforeEach
  void createSegments() throws IOException {
    SegmentFiles files = new SegmentFiles(directory, storage, false);
    spares = new SpareFiles(files, new SegmentSizes(BYTES, SegmentSizes.UNLIMITED, false));
    compacted = new CompactedDirectory(files, 0, spares);
    first = files.create(1, BYTES);
    second = files.create(2, BYTES);
  }

  private String[] names() {
    return directory.toFile().list();
  }

  @Test
  void fileThatCantBeRenamedIsDeletedAndTheOthersAreKept() {
    storage.isRenamingRefused = true;

    List<Segment> there = compacted.delete(List.of(first, second), new SegmentTable(), 0);

    assertThat(there).isEmpty();
    assertThat(spares.bytes()).isEqualTo(BYTES);
    assertThat(names()).hasSize(1).allMatch(name -> name.endsWith(".spare"));
  }

  @Test
  void filesWhoseNamesAreNotDurableAreDeleted() {
    storage.isSyncRefused = true;

    List<Segment> there = compacted.delete(List.of(first, second), new SegmentTable(), 0);

    assertThat(there).isEmpty();
    assertThat(spares.bytes()).isZero();
    assertThat(names()).isEmpty();
  }

  /** A storage that fails to rename the first segment, or to sync the directory. */
  private static final class RefusingStorage implements Storage {
    private boolean isRenamingRefused;
    private boolean isSyncRefused;

    @Override
    public void write(FileChannel file, ByteBuffer bytes, long at) throws IOException {
      FILES.write(file, bytes, at);
    }

    @Override
    public void sync(FileChannel file) throws IOException {
      FILES.sync(file);
    }

    @Override
    public void sync(MappedByteBuffer mapped, int from, int length) throws IOException {
      FILES.sync(mapped, from, length);
    }

    @Override
    public boolean moveUnread(Path file, Path to, boolean isCompacted, long id) throws IOException {
      if (isRenamingRefused && id == 1) {
        throw new IOException("refused");
      }
      Files.move(file, to);
      return true;
    }

    @Override
    public void syncDirectory(Path path) throws IOException {
      if (isSyncRefused) {
        throw new IOException("refused");
      }
      FILES.syncDirectory(path);
    }
  }
}
