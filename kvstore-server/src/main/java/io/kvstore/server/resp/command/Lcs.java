package io.kvstore.server.resp.command;

import io.kvstore.server.net.Turn;
import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.StoredValue;
import org.jspecify.annotations.Nullable;

/**
 * The LCS command: the longest common subsequence of two values, its length, or the ranges of its
 * parts.
 */
final class Lcs {
  private static final int BYTES = 256;
  private static final int TABLE_BYTES_PER_UNIT = 1 << 17;

  /** The table has a bit for what other algorithms have an int for. */
  private static final int TABLE_PART = Integer.SIZE;

  private static final long[] NONE = {};

  private final byte[] a;
  private final byte[] b;

  /** The number of words of a row. */
  private final int words;

  /**
   * A row for each prefix of {@code a}, with a bit for each prefix of {@code b}: whether the last
   * byte of that makes the common subsequence longer. So one operation finds 64 lengths: the
   * algorithm of Hyyrö, "Bit-parallel LCS-length computation revisited" (2004), but with the bits
   * the other way round.
   */
  private final long[] longer;

  private final int length;

  private Lcs(byte[] a, byte[] b) {
    this.a = a;
    this.b = b;
    this.words = (b.length + Long.SIZE - 1) / Long.SIZE;
    this.longer = new long[(a.length + 1) * words];
    long[][] places = new long[BYTES][];
    for (byte wanted : a) {
      places[wanted & 0xFF] = NONE;
    }
    for (int j = 0; j < b.length; j++) {
      long[] found = places[b[j] & 0xFF];
      if (found != null) {
        if (found == NONE) {
          found = new long[words];
          places[b[j] & 0xFF] = found;
        }
        found[j / Long.SIZE] |= 1L << j;
      }
    }
    for (int i = 1; i <= a.length; i++) {
      long[] found = places[a[i - 1] & 0xFF];
      row(i, found == null || found == NONE ? new long[words] : found);
    }
    int count = 0;
    for (int w = 0; w < words; w++) {
      count += Long.bitCount(longer[a.length * words + w]);
    }
    this.length = count;
  }

  /**
   * Computes a row from the one before. In each run of places up to, and with, one that makes the
   * subsequence longer, the first place of the new byte does so now.
   *
   * @param places the places of the row's byte in {@code b}
   */
  private void row(int i, long[] places) {
    int above = (i - 1) * words;
    int here = i * words;
    long carry = 0;
    for (int w = 0; w < words; w++) {
      long kept = ~longer[above + w];
      long found = kept & places[w];
      long sum = kept + found;
      long overflow = Long.compareUnsigned(sum, kept) < 0 ? 1 : 0;
      sum += carry;
      overflow |= carry == 1 && sum == 0 ? 1 : 0;
      carry = overflow;
      longer[here + w] = ~(sum | (kept & ~places[w]));
    }
    if (b.length % Long.SIZE != 0) {
      longer[here + words - 1] &= (1L << b.length) - 1;
    }
  }

  /** Whether the last byte of a prefix of {@code b} makes the subsequence longer. */
  private boolean isLonger(int i, int j) {
    return (longer[i * words + (j - 1) / Long.SIZE] >>> (j - 1) & 1) != 0;
  }

  /** The options of the command. */
  private static final class Options {
    boolean index;
    boolean length;
    boolean matchLengths;
    long leastMatch;
  }

  static void run(CommandContext call) {
    StoredValue first = call.find(1);
    StoredValue second = call.find(2);
    Options options = options(call);
    if (options.index && options.length) {
      throw new RespException("ERR If you want both the length and indexes, please just use IDX.");
    }
    long tableBytes = 4 * (length(first) + 1) * (length(second) + 1);
    if (tableBytes > Math.min(RespLimits.MAX_LCS_BYTES, call.context().limits().maxBulkBytes())) {
      throw new RespException(
          "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
    }
    long bytes = length(first) + length(second);
    call.work().spend(tableBytes / TABLE_BYTES_PER_UNIT + Turn.ofBytes(bytes));
    call.work().reserve(tableBytes / TABLE_PART + bytes + BYTES / Byte.SIZE * length(second));
    byte[] a = first == null ? new byte[0] : first.value();
    byte[] b = second == null ? new byte[0] : second.value();
    Lcs lcs = new Lcs(a, b);
    if (options.index) {
      lcs.answerRanges(call.out(), options);
    } else if (options.length) {
      call.out().integer(lcs.length);
    } else {
      call.out().bulk(lcs.common());
    }
  }

  private static long length(@Nullable StoredValue stored) {
    return stored == null ? 0 : stored.length();
  }

  private static Options options(CommandContext call) {
    Options options = new Options();
    for (int i = 3; i < call.count(); i++) {
      if (call.is(i, "IDX")) {
        options.index = true;
      } else if (call.is(i, "LEN")) {
        options.length = true;
      } else if (call.is(i, "WITHMATCHLEN")) {
        options.matchLengths = true;
      } else if (call.is(i, "MINMATCHLEN") && i + 1 < call.count()) {
        options.leastMatch = call.number(++i);
      } else {
        throw RespException.syntax();
      }
    }
    return options;
  }

  private byte[] common() {
    byte[] common = new byte[length];
    int at = common.length;
    int i = a.length;
    int j = b.length;
    while (at > 0) {
      if (a[i - 1] == b[j - 1]) {
        common[--at] = a[i - 1];
        i--;
        j--;
      } else if (isLonger(i, j)) {
        i--;
      } else {
        j--;
      }
    }
    return common;
  }

  private void answerRanges(RespReplies out, Options options) {
    RespReplies ranges = out.beside();
    int count = 0;
    int i = a.length;
    int j = b.length;
    while (i > 0 && j > 0) {
      if (a[i - 1] == b[j - 1]) {
        int run = 0;
        while (i > 0 && j > 0 && a[i - 1] == b[j - 1]) {
          i--;
          j--;
          run++;
        }
        if (run >= options.leastMatch) {
          range(ranges, new int[] {i, j, run}, options.matchLengths);
          count++;
        }
      } else if (isLonger(i, j)) {
        i--;
      } else {
        j--;
      }
    }
    out.map(2);
    out.bulk("matches");
    out.array(count);
    out.take(ranges);
    out.bulk("len");
    out.integer(length);
  }

  private static void range(RespReplies out, int[] range, boolean withLength) {
    int length = range[2];
    out.array(withLength ? 3 : 2);
    for (int part = 0; part < 2; part++) {
      out.array(2);
      out.integer(range[part]);
      out.integer(range[part] + length - 1L);
    }
    if (withLength) {
      out.integer(length);
    }
  }
}
