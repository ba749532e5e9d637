package io.kvstore.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  private static final int FLAGS_AT = 19;
  private static final int TYPE_AT = 18;

  @Test
  void onlyKnownFlagsOfTheTypeArePlausible() {
    for (int type = 0; type < 8; type++) {
      for (int flags = 0; flags < 256; flags++) {
        ByteBuffer record = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        record.put(TYPE_AT, (byte) type).put(FLAGS_AT, (byte) flags);
        int known = type == RecordFormat.PUT ? 3 : type == RecordFormat.TOMBSTONE ? 2 : 0;
        boolean expected = type >= 1 && type <= 4 && (flags & ~known) == 0;

        assertThat(RecordFormat.isPlausible(record, 0, 64))
            .as("type %d, flags %d", type, flags)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void deadlineBelongsToTheSize() {
    LogRecord record = LogRecord.put(new byte[3], new byte[2], 77);
    ByteBuffer written = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    RecordFormat.write(written, 0, record);

    assertThat(record.size()).isEqualTo(40).isEqualTo(RecordFormat.size(written, 0));
    assertThat(RecordFormat.isPlausible(written, 0, 40)).isTrue();
    assertThat(RecordFormat.isPlausible(written, 0, 32)).isFalse();
    assertThat(written.get(FLAGS_AT)).isEqualTo((byte) 1);
    assertThat(written.getLong(25)).isEqualTo(77);
    assertThat(LogRecord.put(new byte[3], new byte[2], Long.MAX_VALUE).size()).isEqualTo(32);
  }

  @Test
  void labelIsNotEmptyAndLeavesRoomForItsLength() {
    byte[] key = new byte[3];
    int payload = 5;
    for (int label = 0; label < 256; label++) {
      ByteBuffer record = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      record.putInt(4, payload).putShort(16, (short) key.length);
      record.put(TYPE_AT, RecordFormat.PUT).put(FLAGS_AT, RecordFormat.LABEL);
      record.put(RecordFormat.HEADER_BYTES + key.length + payload - 1, (byte) label);

      assertThat(RecordFormat.isPlausible(record, 0, 64))
          .as("label of %d bytes", label)
          .isEqualTo(label >= 1 && label <= payload - 1);
    }
  }
}
