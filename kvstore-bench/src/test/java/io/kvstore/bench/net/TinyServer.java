package io.kvstore.bench.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The least that the load generator needs of a server, over HTTP with the original's contract, or
 * over the Redis protocol; and one that can be told to lie. It keeps all that was ever written.
 */
final class TinyServer implements AutoCloseable {
  /** From all values that a key ever had to the one to answer, null for none. */
  interface Memory extends Function<List<String>, String> {}

  static final Memory HONEST = values -> values.get(values.size() - 1);

  private final boolean isRedis;
  private final Memory memory;
  private final LongConsumer beforeAnswer;
  private final String refusal;
  private final ServerSocket listener;
  private final Map<String, List<String>> values = new ConcurrentHashMap<>();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong requests = new AtomicLong();

  private TinyServer(boolean isRedis, Memory memory, LongConsumer beforeAnswer, String refusal)
      throws IOException {
    this.isRedis = isRedis;
    this.memory = memory;
    this.beforeAnswer = beforeAnswer;
    this.refusal = refusal;
    listener = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
  }

  static TinyServer start(boolean isRedis, Memory memory) throws IOException {
    return start(new TinyServer(isRedis, memory, number -> {}, ""));
  }

  /** Starts an honest one that does something before it answers a request, by its number. */
  static TinyServer pausing(LongConsumer beforeAnswer) throws IOException {
    return start(new TinyServer(false, HONEST, beforeAnswer, ""));
  }

  /** Starts one that refuses every write. */
  static TinyServer refusing(boolean isRedis, String refusal) throws IOException {
    return start(new TinyServer(isRedis, HONEST, number -> {}, refusal));
  }

  private static TinyServer start(TinyServer server) {
    startThread(server::accept);
    return server;
  }

  private static void startThread(Runnable work) {
    Thread thread = new Thread(work, "tiny-server");
    thread.setDaemon(true);
    thread.start();
  }

  URI url() {
    return URI.create((isRedis ? "redis" : "http") + "://127.0.0.1:" + listener.getLocalPort());
  }

  /** Returns how often a key was written. */
  int writes() {
    return values.values().stream().mapToInt(List::size).sum();
  }

  long requests() {
    return requests.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        startThread(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      for (String line = line(in); line != null; line = line(in)) {
        if (isRedis) {
          serveRedis(line, in, out);
        } else {
          serveHttp(line, in, out);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // the other side has hung up, or this one was told to
    }
  }

  private void serveHttp(String line, InputStream in, OutputStream out) throws IOException {
    int length = 0;
    for (String field = line(in); !field.isEmpty(); field = line(in)) {
      if (field.startsWith("Content-Length: ")) {
        length = Integer.parseInt(field.substring("Content-Length: ".length()));
      }
    }
    String body = new String(in.readNBytes(length), ISO_8859_1);
    String[] words = line.split(" ", -1);
    String key = words[1].substring(1);
    String status = "200 OK";
    String answer = "";
    beforeAnswer.accept(requests.getAndIncrement());
    if (words[0].equals("GET")) {
      String value = value(key);
      status = value == null ? "404 Not Found" : status;
      answer = value == null ? "nothing" : value;
    } else if (!refusal.isEmpty()) {
      status = refusal;
    } else {
      String start = "{\"value\":\"";
      store(key, words[0].equals("PUT") ? body : body.substring(start.length(), length - 2));
    }
    write(
        out, "HTTP/1.1 " + status + "\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer);
  }

  private void serveRedis(String line, InputStream in, OutputStream out) throws IOException {
    int count = Integer.parseInt(line.substring(1));
    String[] words = new String[count];
    for (int at = 0; at < count; at++) {
      words[at] = new String(in.readNBytes(Integer.parseInt(line(in).substring(1))), ISO_8859_1);
      line(in);
    }
    beforeAnswer.accept(requests.getAndIncrement());
    if (words[0].equals("GET")) {
      String value = value(words[1]);
      write(out, value == null ? "$-1\r\n" : "$" + value.length() + "\r\n" + value + "\r\n");
    } else if (!refusal.isEmpty()) {
      write(out, "-" + refusal + "\r\n");
    } else {
      store(words[1], words[2]);
      write(out, "+OK\r\n");
    }
  }

  private String value(String key) {
    List<String> all = values.get(key);
    return all == null ? null : memory.apply(all);
  }

  private void store(String key, String value) {
    values.computeIfAbsent(key, absent -> new CopyOnWriteArrayList<>()).add(value);
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
