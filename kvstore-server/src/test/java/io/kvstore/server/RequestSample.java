package io.kvstore.server;

import java.util.List;
import java.util.Map;

/**
 * What a client may send, and what has to come of it.
 *
 * @param name says what is unusual
 * @param bytes one char for each byte; one request or some, without what a test sends behind them
 * @param statuses of the answers, in order; a single digit stands for all that begin with it
 * @param stays whether the connection is there for another request
 * @param headOnly whether the answers come without bodies
 * @param entries all that the store holds afterwards
 */
record RequestSample(
    String name,
    String bytes,
    List<Integer> statuses,
    boolean stays,
    boolean headOnly,
    Map<String, String> entries) {

  /** Any status that says that it is done. */
  static final int DONE = 2;

  static final String HOST = "Host: a\r\n";

  /** What must never be taken for a request. */
  static final String SMUGGLED = "PUT /smuggled HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx";

  /** One answer, and the end of the connection. */
  static RequestSample rejected(String name, int status, String bytes) {
    return new RequestSample(name, bytes, List.of(status), false, false, Map.of());
  }

  /** Answers, and the connection goes on. */
  static RequestSample answered(String name, String bytes, Integer... statuses) {
    return new RequestSample(name, bytes, List.of(statuses), true, false, Map.of());
  }

  RequestSample andCloses() {
    return new RequestSample(name, bytes, statuses, false, headOnly, entries);
  }

  RequestSample withoutBodies() {
    return new RequestSample(name, bytes, statuses, stays, true, entries);
  }

  RequestSample storing(String key, String value) {
    return new RequestSample(name, bytes, statuses, stays, headOnly, Map.of(key, value));
  }

  static String get(String target, String fields) {
    return "GET " + target + " HTTP/1.1\r\n" + HOST + fields + "\r\n";
  }

  static String put(String target, String fields, String body) {
    return "PUT " + target + " HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
  }

  boolean expects(int index, int status) {
    int expected = statuses.get(index);
    return expected == status || expected == status / 100;
  }

  @Override
  public String toString() {
    return name;
  }
}
