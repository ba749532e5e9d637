package io.kvstore.server;

import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A client that writes to keys of its own, one request at a time, and remembers what the server has
 * acknowledged. Used by one thread at a time.
 */
final class KillWriter {
  private static final int KEYS = 60;
  private static final int LONG_VALUE = 150_000;

  private final String prefix;
  private final Random random;
  private final Semaphore acknowledged;

  /** What each key must hold: a value, or null after a delete. */
  private final Map<String, @Nullable String> expected = new LinkedHashMap<>();

  private @Nullable String pendingKey;
  private @Nullable String pendingValue;
  private int sequence;

  /**
   * Starts with no key written.
   *
   * @param acknowledged gets a permit for each write that has been acknowledged
   */
  KillWriter(int id, long seed, Semaphore acknowledged) {
    this.prefix = "/writer" + id + "/";
    this.random = new Random(seed);
    this.acknowledged = acknowledged;
  }

  /** Writes until the server is gone; the last write may or may not have happened. */
  void writeUntilKilled(InetSocketAddress address) {
    try (RawClient client = RawClient.connect(address)) {
      while (true) {
        writeOnce(client);
        acknowledged.release();
      }
    } catch (IOException e) {
      // The server has been killed, as it should be.
    }
  }

  private void writeOnce(RawClient client) throws IOException {
    String key = prefix + random.nextInt(KEYS);
    String value = random.nextInt(5) == 0 ? null : nextValue();
    pendingKey = key;
    pendingValue = value;
    if (value == null) {
      client.send("DELETE " + key + " HTTP/1.1\r\nHost: a\r\n\r\n");
    } else if (random.nextBoolean()) {
      client.send(request("PUT", key, value));
    } else {
      client.send(request("POST", key, "{\"value\":\"" + value + "\"}"));
    }
    Answer answer = client.answer();
    if (answer.status() / 100 != 2) {
      throw new AssertionError("rejected: " + answer);
    }
    expected.put(key, value);
    pendingKey = null;
  }

  private String nextValue() {
    int length = random.nextInt(50) == 0 ? random.nextInt(LONG_VALUE) : random.nextInt(200);
    return prefix + ++sequence + "." + Character.toString('a' + sequence % 26).repeat(length);
  }

  /**
   * Compares what the server has with what it has acknowledged, and goes on from what it has.
   *
   * @return what is wrong, one line each
   */
  List<String> check(InetSocketAddress address) throws IOException {
    List<String> wrong = new ArrayList<>();
    try (RawClient client = RawClient.connect(address)) {
      for (int i = 0; i < KEYS; i++) {
        String key = prefix + i;
        client.send("GET " + key + " HTTP/1.1\r\nHost: a\r\n\r\n");
        Answer answer = client.answer();
        String found = answer.status() == 200 ? answer.text() : null;
        String acknowledgedValue = expected.get(key);
        boolean mayBePending = key.equals(pendingKey) && same(found, pendingValue);
        if (!same(found, acknowledgedValue) && !mayBePending) {
          wrong.add(describe(key, acknowledgedValue, found));
        }
        expected.put(key, found);
      }
    }
    pendingKey = null;
    return wrong;
  }

  private static String describe(String key, @Nullable String wanted, @Nullable String found) {
    if (wanted == null) {
      return "delete undone: " + key + " is " + start(found);
    }
    String kind = found == null ? "write lost: " : "wrong value: ";
    return kind + key + " is " + start(found) + ", not " + start(wanted);
  }

  private static String start(@Nullable String value) {
    return value == null ? "absent" : value.substring(0, Math.min(value.length(), 30));
  }

  private static boolean same(@Nullable String a, @Nullable String b) {
    return a == null ? b == null : a.equals(b);
  }

  private static String request(String method, String key, String body) {
    return method
        + " "
        + key
        + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
