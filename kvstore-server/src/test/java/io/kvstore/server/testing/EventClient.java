package io.kvstore.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events. */
public final class EventClient implements AutoCloseable {

  /** An event, with the version of the id that its client has been given last. */
  public record Event(long id, String name, Map<String, @Nullable Object> data) {
    @Override
    public String toString() {
      return id + " " + name + " " + data;
    }
  }

  private final RawClient client;
  private byte[] chunk = new byte[0];
  private int at;
  private boolean ended;
  private long id;
  private String wholeId = "";

  private EventClient(RawClient client) {
    this.client = client;
  }

  /** Asks, as the one who has seen this event last, or none. */
  public static EventClient open(RawClient client, String target, long lastId) throws IOException {
    return open(client, target, lastId == 0 ? "" : Long.toString(lastId));
  }

  /** Asks, as the one whose last event had this id; empty for none. */
  public static EventClient open(RawClient client, String target, String lastId)
      throws IOException {
    String last = lastId.isEmpty() ? "" : "Last-Event-ID: " + lastId + "\r\n";
    client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + last + "\r\n");
    Answer head = client.headAnswer();
    if (head.status() != 200 || !"text/event-stream".equals(head.field("Content-Type"))) {
      throw new IOException("no events: " + head);
    }
    return new EventClient(client);
  }

  /** Waits for the next id that comes without an event. */
  public long awaitId() throws IOException {
    Event event = block();
    if (event != null) {
      throw new IOException("not expected yet: " + event);
    }
    return id;
  }

  /** The last id, with the mark of the history. */
  public String wholeId() {
    return wholeId;
  }

  /** Waits for the next event. */
  public Event next() throws IOException {
    Event event = null;
    while (event == null) {
      event = block();
    }
    return event;
  }

  /** Whether nothing more comes, and that is what the server wants. */
  public boolean isAtEnd() throws IOException {
    try {
      next();
      return false;
    } catch (EOFException e) {
      return ended;
    }
  }

  /** Whether nothing more comes, without a proper end. */
  public boolean isCutOff() throws IOException {
    try {
      next();
      return false;
    } catch (EOFException | SocketException e) {
      return !ended;
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }

  /** Reads to the next empty line; null if there was no event before it. */
  private @Nullable Event block() throws IOException {
    String name = "";
    String data = "";
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.startsWith("id: ")) {
        wholeId = line.substring(4);
        id = Long.parseLong(wholeId.replaceFirst("-.*", ""));
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ") && data.isEmpty()) {
        data = line.substring(6);
      } else if (!line.equals(":")) {
        throw new IOException("not expected: " + line);
      }
    }
    return data.isEmpty() ? null : new Event(id, name, Json.objects(data).get(0));
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = read(); b != '\n'; b = read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  private int read() throws IOException {
    if (at == chunk.length) {
      chunk = client.chunk();
      at = 0;
      if (chunk.length == 0) {
        ended = true;
        throw new EOFException("the last chunk");
      }
    }
    return chunk[at++];
  }
}
