package io.kvstore.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.http.HttpChannel;
import io.kvstore.server.http.HttpServices;
import io.kvstore.server.http.message.CrossOriginPolicy;
import io.kvstore.server.http.message.Hosts;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.testing.Settled;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Connections without sockets, so that a test says which bytes arrive together. All of them lead to
 * the same store, which is emptied between them.
 */
final class WireChannel {
  /** Fields that contain the time, or the number of writes. */
  private static final Pattern CHANGING =
      Pattern.compile("(?im)^(Date|ETag|Last-Modified|KV-\\w+): .*\r\n");

  /** The hosts of the texts that are sent. */
  private static final CrossOriginPolicy POLICY =
      CrossOriginPolicy.of(Hosts.of(List.of("a", "b", "h", "x")), List.of());

  private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.1 \\d{3} ");

  private final KvStore<byte[], byte[]> store;
  private final HttpChannel http;

  WireChannel() {
    this(KvStore.builder(Codecs.bytes(), Codecs.bytes()).open());
  }

  /**
   * @param store empty
   */
  WireChannel(KvStore<byte[], byte[]> store) {
    this.store = store;
    this.http =
        new HttpChannel(
            store, HttpLimits.of(TestServer.MAX_VALUE_BYTES), HttpServices.none(POLICY));
  }

  /**
   * What became of a connection.
   *
   * @param answers as they were sent
   * @param isOpen whether more would be answered
   * @param entries what the store has then
   */
  record Outcome(String answers, boolean isOpen, SortedMap<String, String> entries) {

    /** Whether it is closed just if an answer says so, and that one is the last. */
    boolean isClosedAsAnnounced() {
      int at = answers.indexOf("Connection: close\r\n");
      return isOpen ? at < 0 : at >= 0 && !STATUS_LINE.matcher(answers).find(at);
    }
  }

  /** Sends a text of Latin-1 in parts that end where it is said, on a new connection. */
  Outcome send(String text, List<Integer> ends) {
    EmbeddedChannel channel = new Addressed(http);
    StringBuilder answers = new StringBuilder();
    int start = 0;
    for (int end : withLast(ends, text.length())) {
      if (channel.isOpen() && end > start) {
        channel.writeInbound(Unpooled.copiedBuffer(text.substring(start, end), ISO_8859_1));
        channel.runPendingTasks();
        read(channel, answers);
      }
      start = end;
    }
    if (text.contains("?")) {
      Settled.await(channel); // a listing is read on other threads
      read(channel, answers);
    }
    boolean isOpen = channel.isOpen();
    channel.close();
    read(channel, answers);
    channel.checkException();
    return new Outcome(CHANGING.matcher(answers).replaceAll(""), isOpen, takeEntries());
  }

  /** Has an address as a socket has, since an answer may name the port. */
  private static final class Addressed extends EmbeddedChannel {
    private static final SocketAddress ADDRESS =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 3000);

    Addressed(HttpChannel http) {
      super(http);
    }

    @Override
    protected SocketAddress localAddress0() {
      return ADDRESS;
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return ADDRESS;
    }
  }

  private static List<Integer> withLast(List<Integer> ends, int last) {
    List<Integer> all = new ArrayList<>(ends);
    all.add(last);
    return all;
  }

  private static void read(EmbeddedChannel channel, StringBuilder answers) {
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      answers.append(next.toString(ISO_8859_1));
      next.release();
    }
  }

  private SortedMap<String, String> takeEntries() {
    SortedMap<String, String> entries = new TreeMap<>();
    store.forEach(
        entry ->
            entries.put(
                new String(entry.key(), ISO_8859_1), new String(entry.value(), ISO_8859_1)));
    entries.keySet().forEach(key -> store.delete(key.getBytes(ISO_8859_1)));
    return entries;
  }
}
