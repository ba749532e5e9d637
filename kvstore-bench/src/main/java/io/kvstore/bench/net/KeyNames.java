package io.kvstore.bench.net;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Names of the keys of one thread: a prefix and a number of twelve digits. With n threads, each
 * owns every n-th key, so that threads need not agree on the value of a key. Confined to that
 * thread.
 */
final class KeyNames {
  private static final int DIGITS = 12;

  private final int thread;
  private final int threads;
  private final byte[] name;

  KeyNames(String prefix, int thread, int threads) {
    this.thread = thread;
    this.threads = threads;
    name = Arrays.copyOf(prefix.getBytes(US_ASCII), prefix.length() + DIGITS);
  }

  /** Returns how many of so many keys are those of a thread. */
  static int share(int keys, int thread, int threads) {
    return (keys - thread + threads - 1) / threads;
  }

  /** Returns the number among all keys. */
  int number(int key) {
    return key * threads + thread;
  }

  /** Returns the name; the array is the same at every call. */
  byte[] name(int key) {
    int rest = number(key);
    for (int at = name.length - 1; at >= name.length - DIGITS; at--) {
      name[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return name;
  }
}
