package io.kvstore.server.resp.protocol;

import io.kvstore.server.net.Numbers;
import io.kvstore.server.net.ReceiveBudget;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parser of commands, from the bytes of one connection as they are received. Bytes are parsed
 * in an array that all connections of an event loop share; only an incomplete command is kept, by
 * {@link #park}, until more bytes arrive.
 */
public final class RequestParser {

  /** The result of {@link #next}. */
  public enum Found {
    COMMAND,
    /** More bytes are needed. */
    NOTHING
  }

  private static final int SHARED_BYTES = 64 << 10;
  private static final int FIRST_OWN_BYTES = 512;

  /** The size up to which an array grows on the event loop: copying it takes some 0.2 ms. */
  private static final int MAX_LOOP_COPY_BYTES = 1 << 20;

  private static final int INCOMPLETE = -1;
  private static final byte[] NOTHING = {};

  private static final FastThreadLocal<byte[]> SHARED =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[SHARED_BYTES];
        }
      };

  private final RespLimits limits;
  private final ReceiveBudget.Share memory;
  private final Request request = new Request();
  private byte[] bytes = NOTHING;

  /** The start of the command, the parse position, and the end of the bytes. */
  private int start;

  private int at;
  private int end;

  /** The number of missing arguments, or 0 between commands; and the length of the next one. */
  private int missing;

  private int bulkLength = INCOMPLETE;
  private boolean unauthenticated;
  private long commands;
  private int commandBytes;

  /** The command that was found last has its own array, which {@link #memory} counts. */
  private boolean kept;

  /**
   * @param memory the memory share for incomplete commands
   */
  public RequestParser(RespLimits limits, ReceiveBudget.Share memory) {
    this.limits = limits;
    this.memory = memory;
  }

  /** Sets whether the client is not authenticated, so that its commands are limited in size. */
  public void limitUnauthenticated(boolean isUnauthenticated) {
    unauthenticated = isUnauthenticated;
  }

  /** The command that was found last; valid until {@link #next} is called. */
  public Request request() {
    return request;
  }

  /** Whether a command has begun to arrive. */
  public boolean inCommand() {
    return at < end || missing > 0;
  }

  /** The size of the command that was found last. */
  public int commandBytes() {
    return commandBytes;
  }

  /** Changes whenever a command is complete, or much more of one has been received. */
  public long progress() {
    return commands + (end - start) / SHARED_BYTES;
  }

  /**
   * Adds received bytes; {@link #park} must follow before the thread does other work.
   *
   * @throws RespException if the memory budget is exhausted; nothing after the bytes can be parsed
   */
  public void add(ByteBuf more) {
    int length = more.readableBytes();
    if (start == end && length <= SHARED_BYTES) {
      bytes = SHARED.get();
      start = 0;
      at = 0;
      end = 0;
    } else {
      makeRoom(length);
    }
    more.readBytes(bytes, end, length);
    end += length;
  }

  /**
   * Keeps the command that was found last while the thread does other work: its request, which
   * points into the receive buffer otherwise, gets an array of its own.
   *
   * @throws RespException as {@link #add} does
   */
  public void keepRequest() {
    if (kept) {
      return;
    }
    kept = true;
    if (bytes == SHARED.get()) {
      request.ownBytes(commandBytes);
      return;
    }
    int rest = end - start;
    byte[] others = rest == 0 ? NOTHING : newBytes(Math.max(rest, FIRST_OWN_BYTES), rest);
    System.arraycopy(bytes, start, others, 0, rest);
    bytes = others;
    at -= start;
    start = 0;
    end = rest;
  }

  private void makeRoom(int more) {
    int used = end - start;
    long needed = (long) used + more;
    if (isTooSmall(needed)) {
      moveTo(newBytes(capacity(needed), (int) needed));
    } else if (needed > bytes.length - start) {
      moveTo(bytes);
    }
  }

  private boolean isTooSmall(long needed) {
    return needed > bytes.length || bytes == SHARED.get();
  }

  private void moveTo(byte[] to) {
    int used = end - start;
    System.arraycopy(bytes, start, to, 0, used);
    bytes = to;
    at -= start;
    start = 0;
    end = used;
  }

  /**
   * The growth of the array, on another thread if it is long: {@link #run} makes and fills the new
   * one, while the parser must not be used; {@link #finish} replaces the old one.
   */
  public final class Growth {
    private final byte[] from = bytes;
    private final int first = start;
    private final int used = end - start;
    private final int size;
    private byte[] to = NOTHING;

    private Growth(int size) {
      this.size = size;
    }

    public void run() {
      byte[] larger = new byte[size];
      System.arraycopy(from, first, larger, 0, used);
      to = larger;
    }

    public void finish() {
      bytes = to;
      at -= first;
      start = 0;
      end = used;
    }
  }

  /**
   * Returns the growth that must come before so many bytes can be added, or null if {@link #add}
   * takes no long time.
   *
   * @throws RespException as {@link #add} does
   */
  public @Nullable Growth growth(int more) {
    long needed = (long) end - start + more;
    if (needed <= MAX_LOOP_COPY_BYTES || !isTooSmall(needed)) {
      return null;
    }
    return new Growth(held(capacity(needed), (int) needed));
  }

  private byte[] newBytes(int size, int least) {
    return new byte[held(size, least)];
  }

  /**
   * Takes memory for an array of this size, but no larger than needed where memory is scarce.
   *
   * @return the size to make
   */
  private int held(int size, int least) {
    if (memory.hold(size)) {
      return size;
    }
    if (!memory.hold(least)) {
      throw RespException.noMemory(memory);
    }
    return least;
  }

  private int capacity(long needed) {
    long most = Math.min(limits.maxCommandBytes() + SHARED_BYTES, Integer.MAX_VALUE - 8);
    return (int) Math.max(needed, Math.min(most, Math.max(FIRST_OWN_BYTES, 2 * needed)));
  }

  /**
   * Keeps bytes that have not been parsed, in an array of this connection.
   *
   * @throws RespException as {@link #add} does
   */
  public void park() {
    if (start == end) {
      bytes = NOTHING;
      if (!kept) {
        request.forget();
        memory.release();
      }
      start = 0;
      at = 0;
      end = 0;
    } else if (bytes == SHARED.get()) {
      int used = end - start;
      byte[] own = newBytes(Math.max(used, FIRST_OWN_BYTES), used);
      System.arraycopy(bytes, start, own, 0, used);
      bytes = own;
      at -= start;
      start = 0;
      end = used;
    }
  }

  private void reset() {
    bytes = NOTHING;
    memory.release();
    start = 0;
    at = 0;
    end = 0;
  }

  /** Drops all bytes. */
  public void drop() {
    kept = false;
    start = end;
    missing = 0;
    bulkLength = INCOMPLETE;
    reset();
  }

  /**
   * Parses the next command.
   *
   * @throws RespException if it is malformed; nothing after it can be parsed
   */
  public Found next() {
    kept = false;
    while (at < end) {
      if (missing == 0) {
        request.clear();
        start = at;
        boolean whole = bytes[at] == '*' ? arrayHead() : line();
        if (!whole) {
          return Found.NOTHING;
        }
      }
      if (missing > 0 && !bulks()) {
        return Found.NOTHING;
      }
      if (request.count() > 0) {
        request.liesIn(bytes, start);
        commandBytes = at - start;
        start = at;
        commands++;
        return Found.COMMAND;
      }
      start = at;
    }
    return Found.NOTHING;
  }

  /** Parses the number of arguments; zero arguments are not a command. */
  private boolean arrayHead() {
    int lineEnd = lineEnd("too big mbulk count string");
    if (lineEnd < 0) {
      return false;
    }
    int from = at + 1;
    if (!Numbers.isLong(bytes, from, lineEnd - from)) {
      throw broken("invalid multibulk length");
    }
    long count = Numbers.toLong(bytes, from, lineEnd - from);
    if (count > RespLimits.MAX_ARGUMENTS) {
      throw broken("invalid multibulk length");
    }
    if (unauthenticated && count > RespLimits.MAX_UNAUTHENTICATED_ARGUMENTS) {
      throw broken("unauthenticated multibulk length");
    }
    at = lineEnd + 2;
    missing = (int) Math.max(0, count);
    return true;
  }

  private boolean bulks() {
    while (missing > 0) {
      if (bulkLength == INCOMPLETE && !bulkHead()) {
        return false;
      }
      if (end - at < bulkLength + 2L) {
        return false;
      }
      request.add(at - start, bulkLength);
      at += bulkLength + 2;
      bulkLength = INCOMPLETE;
      missing--;
    }
    return true;
  }

  private boolean bulkHead() {
    if (at == end) {
      return false;
    }
    int lineEnd = lineEnd("too big bulk count string");
    if (lineEnd < 0) {
      return false;
    }
    if (bytes[at] != '$') {
      throw broken("expected '$', got '" + (char) (bytes[at] & 0xFF) + "'");
    }
    int from = at + 1;
    long length =
        Numbers.isLong(bytes, from, lineEnd - from)
            ? Numbers.toLong(bytes, from, lineEnd - from)
            : INCOMPLETE;
    if (length < 0 || length > limits.maxBulkBytes()) {
      throw broken("invalid bulk length");
    }
    if (unauthenticated && length > RespLimits.MAX_UNAUTHENTICATED_BULK_BYTES) {
      throw broken("unauthenticated bulk length");
    }
    if (at - start + length > limits.maxCommandBytes()) {
      throw broken("the command has more than the limit of " + limits.maxCommandBytes() + " bytes");
    }
    at = lineEnd + 2;
    bulkLength = (int) length;
    return true;
  }

  /** Returns the end of the current line, or a negative number if it has not been received. */
  private int lineEnd(String tooLong) {
    int i = at;
    while (i < end && bytes[i] != '\r') {
      i++;
    }
    if (i == end && end - at > RespLimits.MAX_LINE_BYTES) {
      throw broken(tooLong);
    }
    return i + 1 < end ? i : INCOMPLETE;
  }

  /** Parses an inline command. */
  private boolean line() {
    int i = at;
    while (i < end && bytes[i] != '\n') {
      i++;
    }
    if (i == end) {
      if (end - at > RespLimits.MAX_LINE_BYTES) {
        throw broken("too big inline request");
      }
      return false;
    }
    int lineEnd = i > at && bytes[i - 1] == '\r' ? i - 1 : i;
    @Nullable List<byte[]> words = InlineWords.split(bytes, at, lineEnd);
    if (words == null) {
      throw broken("unbalanced quotes in request");
    }
    // The unquoted words are no longer than the line, and replace it in the array.
    int to = at;
    for (byte[] word : words) {
      System.arraycopy(word, 0, bytes, to, word.length);
      request.add(to - start, word.length);
      to += word.length;
    }
    at = i + 1;
    return true;
  }

  private static RespException broken(String how) {
    return new RespException("ERR Protocol error: " + how);
  }
}
