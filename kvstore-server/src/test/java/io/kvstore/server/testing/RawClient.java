package io.kvstore.server.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A connection on which a test says exactly what it wants. Strings are Latin-1. */
public final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;

  private RawClient(Socket socket, InputStream in) {
    this.socket = socket;
    this.in = in;
  }

  public static RawClient connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(address);
    return new RawClient(socket, new BufferedInputStream(socket.getInputStream()));
  }

  /** Speaks over a connection that was made elsewhere. */
  public static RawClient over(Socket socket) throws IOException {
    return new RawClient(socket, new BufferedInputStream(socket.getInputStream()));
  }

  public void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Reads one response. */
  public Answer answer() throws IOException {
    return read(false);
  }

  /** Reads one response to a HEAD. */
  public Answer headAnswer() throws IOException {
    return read(true);
  }

  /** Waits for the server to hang up; false if it sends anything instead. */
  public boolean closed() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private Answer read(boolean headOnly) throws IOException {
    String statusLine = line();
    if (!statusLine.matches("HTTP/1\\.1 \\d{3} .*")) {
      throw new IOException("not a status line: " + statusLine);
    }
    int status = Integer.parseInt(statusLine.substring(9, 12));
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field = line(); !field.isEmpty(); field = line()) {
      int colon = field.indexOf(':');
      String name = field.substring(0, colon).toLowerCase(Locale.ROOT);
      if (fields.put(name, field.substring(colon + 1).trim()) != null) {
        throw new IOException("twice: " + name);
      }
    }
    boolean bodyless = headOnly || status == 204 || status == 304 || status / 100 == 1;
    return new Answer(status, fields, bodyless ? new byte[0] : body(fields));
  }

  private byte[] body(Map<String, String> fields) throws IOException {
    if ("chunked".equals(fields.get("transfer-encoding"))) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
        body.writeBytes(chunk);
      }
      return body.toByteArray();
    }
    String length = fields.get("content-length");
    return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
  }

  /** Reads the next chunk of a body that is sent in chunks, without bytes if it is the last. */
  public byte[] chunk() throws IOException {
    byte[] data = exactly(Integer.parseInt(line(), 16));
    if (!line().isEmpty()) {
      throw new IOException("a chunk is longer than it says");
    }
    return data;
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the body ends early");
    }
    return bytes;
  }

  /** Reads a line, without its end. */
  public String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("closed after: " + line);
      }
      line.append((char) b);
    }
    return line.toString().stripTrailing();
  }
}
