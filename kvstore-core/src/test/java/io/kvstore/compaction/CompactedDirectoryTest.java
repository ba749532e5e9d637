package io.kvstore.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.files.SealedIds;
import io.kvstore.files.SegmentFiles;
import io.kvstore.files.SegmentList;
import io.kvstore.files.SegmentSizes;
import io.kvstore.files.SpareFiles;
import io.kvstore.recovery.NotedSteps;
import io.kvstore.segment.Segment;
import io.kvstore.segment.SegmentTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order in which compaction changes a directory. */
class CompactedDirectoryTest {
  private static final int BYTES = 4096;

  @TempDir Path directory;

  private final NotedSteps storage = new NotedSteps();
  private SegmentFiles files;
  private SpareFiles spares;
  private CompactedDirectory compacted;

  @BeforeEach
  void openDirectory() {
    files = new SegmentFiles(directory, storage, false);
    spares = new SpareFiles(files, new SegmentSizes(BYTES, SegmentSizes.UNLIMITED, false));
    compacted = new CompactedDirectory(files, 6, spares);
  }

  private static ByteBuffer some(int count, byte value) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, value);
    return ByteBuffer.wrap(bytes);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private void keepASpare(int bytes) throws IOException {
    Segment segment = files.create(1, bytes);
    segment.writable().put(bytes - 1, (byte) 9);
    assertThat(compacted.delete(List.of(segment), new SegmentTable(), BYTES)).isEmpty();
    assertThat(compacted.spareBytes()).isEqualTo(bytes);
    storage.steps.clear();
  }

  @Test
  void newFileIsSynced() throws IOException {
    CompactedFiles.Output output = compacted.create(3 * 64);
    output.write(some(64, (byte) 1));
    output.write(some(128, (byte) 2));
    Segment segment = output.finish();

    assertThat(output.header().id()).as("none that was ever seen").isEqualTo(7);
    assertThat(output.header().isCompacted()).isTrue();
    assertThat(storage.steps).containsExactly("write", "write", "sync file");
    assertThat(segment.content().get(63)).isEqualTo((byte) 1);
    assertThat(segment.content().get(64)).isEqualTo((byte) 2);
    assertThat(segment.content().get(191)).isEqualTo((byte) 2);
    assertThat(file("0000000007.compacted")).hasSize(192);
    assertThat(compacted.create(64).header().id()).isEqualTo(8);
  }

  @Test
  void spareFileGetsItsNameOnceItIsSynced() throws IOException {
    keepASpare(BYTES);
    CompactedFiles.Output output = compacted.create(BYTES - 64);
    output.write(some(BYTES - 64, (byte) 1));
    Segment segment = output.finish();

    assertThat(storage.steps.subList(0, 2)).containsExactly("write", "write");
    assertThat(storage.steps.subList(2, storage.steps.size()))
        .containsSubsequence("sync file", "move 1.spare to 7.compacted");
    assertThat(storage.steps).last().isEqualTo("move 1.spare to 7.compacted");
    assertThat(Files.readAllBytes(file("0000000007.compacted")))
        .hasSize(BYTES)
        .endsWith(new byte[64]);
    assertThat(segment.content().get(0)).isEqualTo((byte) 1);
    assertThat(compacted.spareBytes()).isZero();
  }

  @Test
  void outputThatIsAbandonedIsGone() throws IOException {
    compacted.create(BYTES).abandon();
    keepASpare(BYTES);
    compacted.create(BYTES).abandon();

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void listIsReplacedOnceTheNewFilesAreDurable() throws IOException {
    List<String> before = new ArrayList<>();
    SegmentList list =
        new SegmentList(
            1, 5, 5, null, new SealedIds(), new SealedIds(), SegmentList.Dropped.none());

    compacted.commit(list, () -> before.addAll(storage.steps));

    assertThat(before).containsExactly("sync", "write", "sync file");
    assertThat(storage.steps)
        .containsExactly("sync", "write", "sync file", "move segments.new to segments", "sync");
    assertThat(SegmentList.read(directory)).isEqualTo(list);
  }

  @Test
  void fileThatCanNotBeDeletedIsNamed() throws IOException {
    Segment segment = files.create(1, BYTES);
    segment.becomeDamaged(); // so that it is not kept
    Files.delete(file("0000000001.segment"));
    Files.createDirectories(file("0000000001.segment/full"));

    assertThat(compacted.delete(List.of(segment), new SegmentTable(), 0)).containsExactly(segment);
  }

  @Test
  void segmentThatIsReadGoesWithoutItsMapping() throws IOException {
    Segment segment = files.create(1, BYTES);
    SegmentTable table = new SegmentTable();
    table.add(segment);

    assertThat(compacted.delete(List.of(segment), table, 0)).isEmpty();

    assertThat(file("0000000001.segment")).doesNotExist();
    assertThat(segment.content().get(8)).as("its id").isEqualTo((byte) 1);
    assertThat(compacted.spareBytes()).as("it is no spare").isZero();
    assertThat(compacted.unreleasedBytes()).isEqualTo(BYTES);
  }

  @Test
  void sparesCanBeCleared() throws IOException {
    keepASpare(BYTES);

    compacted.clearSpares();

    assertThat(directory).isEmptyDirectory();
    assertThat(compacted.usableBytes()).isPositive();
  }

  @Test
  void fileThatIsThereIsNotOverwritten() throws IOException {
    Files.createFile(file("0000000007.compacted"));

    assertThatThrownBy(() -> compacted.create(BYTES)).isInstanceOf(IOException.class);
  }
}
