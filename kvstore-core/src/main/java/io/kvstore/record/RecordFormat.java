package io.kvstore.record;

import java.nio.ByteBuffer;
import java.util.Arrays;

/*
 * A record, little-endian, at a multiple of 8 in its segment:
 *
 *   offset  size  field
 *        0     4  checksum: CRC-32C of all that follows, xor the secret of the segment
 *        4     4  value length, with the label
 *        8     8  sequence
 *       16     2  key length, unsigned
 *       18     1  type: 1 put, 2 tombstone, 3 sync marker, 4 seal
 *       19     1  flags: 1 deadline, 2 more, 4 label
 *       20     n  key, then value; with flag 4, only in a put, the value ends in the label, 1 to 255
 *                 bytes of UTF-8, and a byte with the length of that
 *   20 + n     8  with flag 1, only in a put: deadline in milliseconds since 1970, UTC
 *       20     4  in a sync marker and in a seal only: a note
 *              .  zeros up to a multiple of 8
 *
 * A put and a tombstone are changes, each with a sequence of its own, counted from 1 through the
 * whole log. Changes of one batch follow each other in one segment, without a gap in their
 * sequences, and each but the last has flag 2: none of them counts unless the last one is whole.
 * From its deadline on a put counts as if its key had been deleted. A sync marker records that all
 * changes up to its sequence were synced when it was written; its note is the tag of its writer. A
 * seal ends a segment and repeats the sequence of the last change (in a compacted segment: of the
 * last one that the indexes had applied when its writing began); its note is the secret of the next
 * segment of the log, or in a compacted segment the tag of its writer. 20 zero bytes are not a
 * record: nothing has been written there yet.
 *
 * A segment starts with a header, little-endian:
 *
 *   offset  size  field
 *        0     8  "KVSTORE1"
 *        8     8  id: 1 for the first segment of the log, 2 for the next ...
 *       16     4  capacity: the size of the whole file
 *       20     4  secret: random, so that no value can pass for a record of this segment
 *       24     4  kind: 0 log, 1 compacted
 *       28     4  checksum: CRC-32C of the bytes before
 */

/** The byte layout of a record; the only class that knows an offset in a record. */
public final class RecordFormat {
  public static final int HEADER_BYTES = 20;
  public static final int ALIGNMENT = 8;

  public static final byte PUT = 1;
  public static final byte TOMBSTONE = 2;
  public static final byte MARK = 3;
  public static final byte SEAL = 4;

  /** The deadline of a put without one. */
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  /** Flag: the record carries a deadline. */
  static final byte DEADLINE = 1;

  /** Flag: more of this batch follows. */
  public static final byte MORE = 2;

  /** Flag: the value is followed by a label. */
  static final byte LABEL = 4;

  /** The maximum length of a label, in bytes: that of its length byte. */
  static final int MAX_LABEL_BYTES = 255;

  /** The size of a sync marker or a seal, in bytes. */
  public static final int CONTROL_BYTES = size(0, Integer.BYTES, 0);

  /** The first byte that the checksum covers. */
  public static final int CHECKED_FROM = 4;

  /** The minimum length of a value with a label: one byte of the label, and its length byte. */
  private static final int MIN_LABEL_PAYLOAD = 2;

  private static final int CHECKSUM = 0;
  private static final int VALUE_LENGTH = 4;
  private static final int SEQUENCE = 8;
  private static final int KEY_LENGTH = 16;
  private static final int TYPE = 18;
  private static final int FLAGS = 19;

  private RecordFormat() {}

  /** Returns the size of a record in the log, in bytes, including padding. */
  public static int size(int keyLength, int valueLength, int flags) {
    return aligned(HEADER_BYTES + keyLength + valueLength + deadlineBytes(flags));
  }

  private static int deadlineBytes(int flags) {
    return (flags & DEADLINE) == 0 ? 0 : Long.BYTES;
  }

  public static int aligned(int bytes) {
    return bytes + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** Writes everything but the checksum. */
  public static void write(ByteBuffer to, int at, LogRecord record) {
    byte[] key = record.key();
    byte[] value = record.payload();
    to.putInt(at + VALUE_LENGTH, record.isChange() ? value.length : 0);
    to.putLong(at + SEQUENCE, record.sequence());
    to.putShort(at + KEY_LENGTH, (short) key.length);
    to.put(at + TYPE, record.type());
    to.put(at + FLAGS, record.flags());
    int keyAt = at + HEADER_BYTES;
    to.put(keyAt, key);
    to.put(keyAt + key.length, value);
    int end = keyAt + key.length + value.length;
    if ((record.flags() & DEADLINE) != 0) {
      to.putLong(end, record.deadline());
      end += Long.BYTES;
    }
    for (int i = end; i < at + record.size(); i++) {
      to.put(i, (byte) 0);
    }
  }

  public static void writeChecksum(ByteBuffer to, int at, int checksum) {
    to.putInt(at + CHECKSUM, checksum);
  }

  /** Returns whether a record that is wholly in the buffer is plausible, by its fields. */
  public static boolean isPlausible(ByteBuffer from, int at, long remaining) {
    return isHeaderPlausible(from, at, remaining)
        && (!hasLabel(from, at) || isLabelPlausible(from, at, labelLength(from, at)));
  }

  /**
   * Returns whether the header of a record is plausible, so that its lengths may be used to verify
   * the checksum. Only the header need be in the buffer.
   */
  public static boolean isHeaderPlausible(ByteBuffer from, int at, long remaining) {
    byte type = type(from, at);
    int valueLength = payloadLength(from, at);
    if (type < PUT || type > SEAL || valueLength < 0 || (flags(from, at) & ~allowed(type)) != 0) {
      return false;
    }
    if ((type != PUT && valueLength != 0) || (type > TOMBSTONE && keyLength(from, at) != 0)) {
      return false;
    }
    if (hasLabel(from, at) && valueLength < MIN_LABEL_PAYLOAD) {
      return false;
    }
    long unpadded =
        (long) HEADER_BYTES + keyLength(from, at) + valueLength + deadlineBytes(flags(from, at));
    return (unpadded + ALIGNMENT - 1 & -ALIGNMENT) <= remaining;
  }

  /** Returns whether a record can have a label of a length; reads only its header. */
  public static boolean isLabelPlausible(ByteBuffer from, int at, int labelLength) {
    return labelLength > 0 && labelLength < payloadLength(from, at);
  }

  private static int allowed(byte type) {
    return type == PUT ? DEADLINE | MORE | LABEL : type == TOMBSTONE ? MORE : 0;
  }

  public static int checksum(ByteBuffer from, int at) {
    return from.getInt(at + CHECKSUM);
  }

  /** Returns the length of the value with its label. */
  private static int payloadLength(ByteBuffer from, int at) {
    return from.getInt(at + VALUE_LENGTH);
  }

  public static int valueLength(ByteBuffer from, int at) {
    int length = payloadLength(from, at);
    return hasLabel(from, at) ? length - labelLength(from, at) - 1 : length;
  }

  public static boolean hasLabel(ByteBuffer from, int at) {
    return (flags(from, at) & LABEL) != 0;
  }

  /** Returns the length of the label of a record that has one. */
  public static int labelLength(ByteBuffer from, int at) {
    return Byte.toUnsignedInt(from.get(at + labelLengthOffset(from, at)));
  }

  /** Returns the offset, in a record, of the length of its label, if it has one. */
  public static int labelLengthOffset(ByteBuffer from, int at) {
    return deadlineOffset(from, at) - 1;
  }

  /** Returns a value with its label, as written in a record. */
  static byte[] payload(byte[] value, byte[] label) {
    byte[] payload = Arrays.copyOf(value, value.length + label.length + 1);
    System.arraycopy(label, 0, payload, value.length, label.length);
    payload[payload.length - 1] = (byte) label.length;
    return payload;
  }

  /** Returns the length of the value in the result of {@link #payload}. */
  public static int valueLength(byte[] payload) {
    return payload.length - Byte.toUnsignedInt(payload[payload.length - 1]) - 1;
  }

  public static long sequence(ByteBuffer from, int at) {
    return from.getLong(at + SEQUENCE);
  }

  public static int keyLength(ByteBuffer from, int at) {
    return Short.toUnsignedInt(from.getShort(at + KEY_LENGTH));
  }

  public static byte type(ByteBuffer from, int at) {
    return from.get(at + TYPE);
  }

  private static byte flags(ByteBuffer from, int at) {
    return from.get(at + FLAGS);
  }

  /** Returns the note of a sync marker or a seal; 0 in those of format 2. */
  public static int note(ByteBuffer from, int at) {
    return from.getInt(at + HEADER_BYTES);
  }

  public static boolean isChange(ByteBuffer from, int at) {
    return type(from, at) <= TOMBSTONE;
  }

  /** Returns whether the next record belongs to the same batch. */
  public static boolean hasMore(ByteBuffer from, int at) {
    return (flags(from, at) & MORE) != 0;
  }

  /** Makes a record the last of its batch. */
  public static void clearMore(ByteBuffer to, int at) {
    to.put(at + FLAGS, (byte) (flags(to, at) & ~MORE));
  }

  /** Returns the deadline of a record that is wholly in the buffer. */
  public static long deadline(ByteBuffer from, int at) {
    return hasDeadline(from, at) ? from.getLong(at + deadlineOffset(from, at)) : NO_DEADLINE;
  }

  public static boolean hasDeadline(ByteBuffer from, int at) {
    return (flags(from, at) & DEADLINE) != 0;
  }

  /** Returns the offset, in a record, of its deadline, if it has one. */
  public static int deadlineOffset(ByteBuffer from, int at) {
    return HEADER_BYTES + keyLength(from, at) + payloadLength(from, at);
  }

  public static int keyAt(int at) {
    return at + HEADER_BYTES;
  }

  public static int size(ByteBuffer from, int at) {
    return size(keyLength(from, at), payloadLength(from, at), flags(from, at));
  }
}
