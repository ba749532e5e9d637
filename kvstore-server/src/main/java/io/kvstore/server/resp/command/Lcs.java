package io.kvstore.server.resp.command;

import io.kvstore.server.resp.protocol.RespException;
import io.kvstore.server.resp.protocol.RespLimits;
import io.kvstore.server.resp.protocol.RespReplies;
import io.kvstore.server.resp.session.CommandContext;
import io.kvstore.server.resp.session.StoredValue;

/**
 * The LCS command: the longest common subsequence of two values, its length, or the ranges of its
 * parts.
 */
final class Lcs {
  private final byte[] a;
  private final byte[] b;

  /** For each pair of prefixes, the length of their longest common subsequence. */
  private final int[] lengths;

  private Lcs(byte[] a, byte[] b) {
    this.a = a;
    this.b = b;
    this.lengths = new int[(a.length + 1) * (b.length + 1)];
    for (int i = 1; i <= a.length; i++) {
      for (int j = 1; j <= b.length; j++) {
        lengths[index(i, j)] =
            a[i - 1] == b[j - 1]
                ? length(i - 1, j - 1) + 1
                : Math.max(length(i - 1, j), length(i, j - 1));
      }
    }
  }

  private int index(int i, int j) {
    return i * (b.length + 1) + j;
  }

  private int length(int i, int j) {
    return lengths[index(i, j)];
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
    byte[] a = first == null ? new byte[0] : first.value();
    byte[] b = second == null ? new byte[0] : second.value();
    long tableBytes = 4L * (a.length + 1L) * (b.length + 1L);
    if (tableBytes > Math.min(RespLimits.MAX_LCS_BYTES, call.context().limits().maxBulkBytes())) {
      throw new RespException(
          "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
    }
    Lcs lcs = new Lcs(a, b);
    if (options.index) {
      lcs.answerRanges(call.out(), options);
    } else if (options.length) {
      call.out().integer(lcs.length(a.length, b.length));
    } else {
      call.out().bulk(lcs.common());
    }
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
    byte[] common = new byte[length(a.length, b.length)];
    int at = common.length;
    int i = a.length;
    int j = b.length;
    while (at > 0) {
      if (a[i - 1] == b[j - 1]) {
        common[--at] = a[i - 1];
        i--;
        j--;
      } else if (length(i - 1, j) > length(i, j - 1)) {
        i--;
      } else {
        j--;
      }
    }
    return common;
  }

  private void answerRanges(RespReplies out, Options options) {
    RespReplies ranges = new RespReplies();
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
      } else if (length(i - 1, j) > length(i, j - 1)) {
        i--;
      } else {
        j--;
      }
    }
    out.map(2);
    out.bulk("matches");
    out.array(count);
    out.raw(ranges.array(), ranges.size());
    out.bulk("len");
    out.integer(length(a.length, b.length));
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
