package io.kvstore.server.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An input stream that counts the bytes read. */
final class CountedInput extends FilterInputStream {
  private final long total;
  private long count;

  /**
   * @param total the total length, 0 if it is unknown
   */
  CountedInput(InputStream in, long total) {
    super(in);
    this.total = total;
  }

  @Override
  public int read() throws IOException {
    int one = super.read();
    count += one < 0 ? 0 : 1;
    return one;
  }

  @Override
  public int read(byte[] to, int at, int length) throws IOException {
    int read = super.read(to, at, length);
    count += Math.max(0, read);
    return read;
  }

  long count() {
    return count;
  }

  long total() {
    return total;
  }
}
