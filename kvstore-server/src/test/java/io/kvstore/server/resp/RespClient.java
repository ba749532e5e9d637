package io.kvstore.server.resp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A connection on which a test says exactly what it wants. Strings are Latin-1. */
public final class RespClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;

  private RespClient(Socket socket, InputStream in) {
    this.socket = socket;
    this.in = in;
  }

  static RespClient connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new RespClient(socket, new BufferedInputStream(socket.getInputStream()));
  }

  public static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Returns a command as clients send it. */
  static byte[] command(List<String> words) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(latin1("*" + words.size() + "\r\n"));
    for (String word : words) {
      bytes.writeBytes(latin1("$" + word.length() + "\r\n" + word + "\r\n"));
    }
    return bytes.toByteArray();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(String... words) throws IOException {
    send(command(List.of(words)));
  }

  /** Sends a command and returns its reply, as it comes over the wire. */
  String call(String... words) throws IOException {
    send(words);
    return reply();
  }

  /** Likewise, of a line whose words are parted by blanks. */
  String line(String words) throws IOException {
    return call(words.split(" ", -1));
  }

  /** Reads one reply, whole. */
  String reply() throws IOException {
    StringBuilder reply = new StringBuilder();
    read(reply);
    return reply.toString();
  }

  private void read(StringBuilder reply) throws IOException {
    String head = head();
    reply.append(head).append("\r\n");
    char type = head.charAt(0);
    switch (type) {
      case '$', '=' -> {
        int length = Integer.parseInt(head.substring(1));
        if (length >= 0) {
          byte[] body = in.readNBytes(length + 2);
          if (body.length < length + 2) {
            throw new EOFException("a value ends early");
          }
          reply.append(new String(body, StandardCharsets.ISO_8859_1));
        }
      }
      case '*', '~', '>', '%' -> {
        int parts = Integer.parseInt(head.substring(1)) * (type == '%' ? 2 : 1);
        for (int i = 0; i < parts; i++) {
          read(reply);
        }
      }
      case '+', '-', ':', '_', ',', '#' -> {}
      default -> throw new IOException("no reply starts like this: " + head);
    }
  }

  private String head() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("closed after: " + line);
      }
      line.append((char) b);
    }
    line.setLength(Math.max(0, line.length() - 1));
    return line.toString();
  }

  /** Reads all that comes until the server hangs up. */
  String rest() throws IOException {
    StringBuilder rest = new StringBuilder();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        rest.append((char) b);
      }
    } catch (SocketException e) {
      // A reset is a way to hang up.
    }
    return rest.toString();
  }

  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
