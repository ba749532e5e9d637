package io.kvstore.server.resp.protocol;

import io.kvstore.server.net.Numbers;
import io.kvstore.server.net.SendBudget;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The encoder of replies, in the protocol version of the client. Replies are gathered until they
 * are sent, or discarded: short ones in an array, and behind each other in a list of parts if they
 * are long. Long values are such parts, and are not copied.
 */
public final class RespReplies {
  public static final int RESP2 = 2;
  public static final int RESP3 = 3;

  private static final int FIRST_BYTES = 512;

  /** The size from which on the array becomes a part, and the largest one that is kept. */
  private static final int CHUNK_BYTES = 16 << 10;

  /** The memory for a part, in addition to its bytes. */
  private static final int PART_COST = 256;

  private static final int MAX_TOTAL_BYTES = Integer.MAX_VALUE - 8;

  private static final byte[] OK = ascii("+OK\r\n");
  private static final byte[] PONG = ascii("+PONG\r\n");
  private static final byte[] QUEUED = ascii("+QUEUED\r\n");
  private static final byte[] ZERO = ascii(":0\r\n");
  private static final byte[] ONE = ascii(":1\r\n");
  private static final byte[] NULL = ascii("_\r\n");
  private static final byte[] NULL_BULK = ascii("$-1\r\n");
  private static final byte[] NULL_ARRAY = ascii("*-1\r\n");
  private static final int MAX_DIGITS = 20;

  /** Receives replies, in their order. */
  public interface Sink {
    /** Takes bytes that are valid during the call only. */
    void copy(byte[] array, int from, int length);

    /** Takes bytes that do not change any more. */
    void pass(ByteBuffer bytes);
  }

  /**
   * A part of the replies.
   *
   * @param lasting whether the bytes do not change any more; otherwise they lie in the array
   * @param cost the memory that the part counts
   */
  private record Part(ByteBuffer bytes, boolean lasting, int cost) {
    int length() {
      return bytes.remaining();
    }

    Part cut(int from, int to, int newCost) {
      return new Part(bytes.slice(bytes.position() + from, to - from), lasting, newCost);
    }
  }

  private final SendBudget.Share memory;
  private final List<Part> parts = new ArrayList<>();

  /** The length of all parts; the replies behind them lie in the array, from start to end. */
  private int before;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int start;
  private int end;
  private int protocol = RESP2;
  private int errors;

  /** Creates an encoder that uses as much memory as the replies take. */
  public RespReplies() {
    this(SendBudget.unlimited().share());
  }

  /**
   * @param memory the memory share of the connection
   */
  public RespReplies(SendBudget.Share memory) {
    this.memory = memory;
  }

  /** Returns another encoder for the same client, whose replies these {@link #take} in the end. */
  public RespReplies beside() {
    RespReplies other = new RespReplies(memory);
    other.protocol = protocol;
    return other;
  }

  public int protocol() {
    return protocol;
  }

  public void speak(int version) {
    protocol = version;
  }

  /** The number of errors so far, including discarded ones. */
  public int errors() {
    return errors;
  }

  public int size() {
    return before + end - start;
  }

  /** Discards all replies after an earlier size. */
  public void cutTo(int earlier) {
    if (earlier >= before) {
      end = start + earlier - before;
    } else {
      end = start;
      while (before > earlier) {
        Part last = parts.remove(parts.size() - 1);
        before -= last.length();
        if (before < earlier) {
          parts.add(last.cut(0, earlier - before, last.cost()));
          before = earlier;
        } else {
          memory.free(last.cost());
        }
      }
    }
    reuse();
  }

  /** Moves the first replies, up to a size, to a sink. */
  public void moveTo(Sink sink, int length) {
    int left = length;
    int moved = 0;
    while (left > 0 && moved < parts.size()) {
      Part part = parts.get(moved);
      int count = Math.min(left, part.length());
      before -= count;
      left -= count;
      if (count < part.length()) {
        parts.set(moved, part.cut(count, part.length(), part.cost()));
        pass(part.cut(0, count, 0), sink);
      } else {
        moved++;
        memory.free(part.cost());
        pass(part, sink);
      }
    }
    parts.subList(0, moved).clear();
    if (left > 0) {
      sink.copy(bytes, start, left);
      start += left;
    }
    reuse();
  }

  private static void pass(Part part, Sink sink) {
    if (part.lasting()) {
      sink.pass(part.bytes());
    } else {
      byte[] array = part.bytes().array();
      sink.copy(array, part.bytes().arrayOffset() + part.bytes().position(), part.length());
    }
  }

  /** Begins the array anew if nothing lies in it. */
  private void reuse() {
    if (start == end && parts.isEmpty()) {
      start = 0;
      end = 0;
      if (bytes.length > CHUNK_BYTES) {
        bytes = new byte[FIRST_BYTES];
      }
    }
  }

  /** Moves the replies of another encoder, which is empty then, behind these. */
  public void take(RespReplies other) {
    checkTotal(other.size());
    other.moveTo(
        new Sink() {
          @Override
          public void copy(byte[] array, int from, int length) {
            append(array, from, length);
          }

          @Override
          public void pass(ByteBuffer part) {
            add(part, part.isReadOnly() ? PART_COST : PART_COST + part.remaining());
          }
        },
        other.size());
  }

  public void ok() {
    raw(OK);
  }

  public void pong() {
    raw(PONG);
  }

  public void queued() {
    raw(QUEUED);
  }

  public void simple(String text) {
    line('+', text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Adds an error, with its code; line breaks become blanks, and characters bytes. */
  public void error(String text) {
    errors++;
    line('-', text.replace('\r', ' ').replace('\n', ' ').getBytes(StandardCharsets.ISO_8859_1));
  }

  public void integer(long number) {
    if (number == 0) {
      raw(ZERO);
    } else if (number == 1) {
      raw(ONE);
    } else {
      head(':', number);
    }
  }

  public void flag(boolean value) {
    raw(value ? ONE : ZERO);
  }

  public void nothing() {
    raw(protocol == RESP2 ? NULL_BULK : NULL);
  }

  public void noArray() {
    raw(protocol == RESP2 ? NULL_ARRAY : NULL);
  }

  /** Adds a value, which must not be changed any more. */
  public void bulk(byte[] value) {
    bulkHead(value.length);
    raw(value);
    end();
  }

  /** Adds a value; one that is long is not copied, and must not be changed any more. */
  public void bulk(ByteBuffer value) {
    int length = value.remaining();
    if (length > RespLimits.MAX_COPIED_VALUE_BYTES) {
      bulkHead(length);
      checkTotal(length);
      // A value in a file of the store takes no memory.
      add(value.slice(), value.isReadOnly() ? PART_COST : PART_COST + length);
      end();
      return;
    }
    ensureRoom(length + MAX_DIGITS + 5);
    head('$', length);
    value.get(value.position(), bytes, end, length);
    end += length;
    end();
  }

  public void bulk(String text) {
    bulk(text.getBytes(StandardCharsets.UTF_8));
  }

  public void bulk(long number) {
    bulk(Numbers.bytes(number));
  }

  /** Adds the header of a value that is sent separately. */
  void bulkHead(int length) {
    head('$', length);
  }

  /** Returns a copy of the replies. */
  byte[] toArray() {
    ByteArrayOutputStream all = new ByteArrayOutputStream(size());
    moveTo(
        new Sink() {
          @Override
          public void copy(byte[] array, int from, int length) {
            all.write(array, from, length);
          }

          @Override
          public void pass(ByteBuffer part) {
            byte[] copied = new byte[part.remaining()];
            part.get(copied);
            all.writeBytes(copied);
          }
        },
        size());
    return all.toByteArray();
  }

  /** Ends a value whose header was added by {@link #bulkHead}. */
  void end() {
    ensureRoom(2);
    bytes[end++] = '\r';
    bytes[end++] = '\n';
  }

  /** Adds human-readable text. */
  public void verbatim(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (protocol == RESP2) {
      bulk(utf8);
    } else {
      head('=', utf8.length + 4);
      raw(ascii("txt:"));
      raw(utf8);
      end();
    }
  }

  public void array(int length) {
    head('*', length);
  }

  /** Adds the header of a map; this many keys, each with a value, must follow. */
  public void map(int entries) {
    if (protocol == RESP2) {
      head('*', 2L * entries);
    } else {
      head('%', entries);
    }
  }

  public void set(int length) {
    head(protocol == RESP2 ? '*' : '~', length);
  }

  /** Adds the header of an out-of-band message. */
  public void push(int length) {
    head(protocol == RESP2 ? '*' : '>', length);
  }

  /** Adds encoded replies, which must not be changed any more. */
  public void raw(byte[] reply) {
    if (reply.length > RespLimits.MAX_COPIED_VALUE_BYTES) {
      checkTotal(reply.length);
      add(ByteBuffer.wrap(reply), PART_COST + reply.length);
    } else {
      append(reply, 0, reply.length);
    }
  }

  private void append(byte[] reply, int from, int length) {
    ensureRoom(length);
    System.arraycopy(reply, from, bytes, end, length);
    end += length;
  }

  private void line(char type, byte[] text) {
    ensureRoom(1);
    bytes[end++] = (byte) type;
    raw(text);
    end();
  }

  private void head(char type, long number) {
    ensureRoom(MAX_DIGITS + 3);
    bytes[end++] = (byte) type;
    end = Numbers.write(number, bytes, end);
    bytes[end++] = '\r';
    bytes[end++] = '\n';
  }

  private void ensureRoom(int more) {
    if (more > bytes.length - end) {
      makeRoom(more);
    }
  }

  private void makeRoom(int more) {
    checkTotal(more);
    int used = end - start;
    if (used > CHUNK_BYTES) {
      add(null, PART_COST + bytes.length);
      used = 0;
    }
    int size = Math.max(used + more, Math.min(2 * bytes.length, 2 * CHUNK_BYTES));
    byte[] next = new byte[size];
    System.arraycopy(bytes, start, next, 0, used);
    bytes = next;
    start = 0;
    end = used;
  }

  /**
   * Adds a part behind what lies in the array, or only the latter if the part is null: the array is
   * then not written to any more.
   */
  private void add(@Nullable ByteBuffer part, int cost) {
    int used = end - start;
    int total = cost + (part != null && used > 0 ? PART_COST : 0);
    if (!memory.use(total)) {
      throw RespException.noMemory(memory);
    }
    if (used > 0) {
      ByteBuffer inArray = ByteBuffer.wrap(bytes, start, used);
      parts.add(new Part(inArray, part == null, part == null ? cost : PART_COST));
      before += used;
      start = end;
    }
    if (part != null) {
      parts.add(new Part(part, true, cost));
      before += part.remaining();
    }
  }

  /** Replies may take {@link RespLimits#MAX_REPLY_BYTES}; a single one may be longer. */
  private void checkTotal(int more) {
    long wanted = (long) size() + more;
    boolean hasOthers = size() > RespLimits.MAX_BATCH_BYTES;
    if (wanted > MAX_TOTAL_BYTES || (hasOthers && wanted > RespLimits.MAX_REPLY_BYTES)) {
      throw tooLong();
    }
  }

  private static RespException tooLong() {
    return new RespException(
        "ERR the reply has more than the limit of " + RespLimits.MAX_REPLY_BYTES + " bytes");
  }

  public static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
