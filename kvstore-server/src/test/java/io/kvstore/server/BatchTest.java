package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.Batch;
import io.kvstore.Entry;
import io.kvstore.KvStore;
import io.kvstore.codec.Codecs;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.Json;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches: {@code POST /?batch}. */
class BatchTest {
  private final KvStore<byte[], byte[]> store =
      KvStore.builder(Codecs.bytes(), Codecs.bytes()).open();
  @AutoClose private final TestServer server = TestServer.start(store);
  private final RawClient client = server.connect();

  BatchTest() throws IOException {}

  @Test
  void everyElementIsAnswered() throws IOException {
    store.put(bytes("old"), bytes("v"));

    Answer answer =
        batch(
            "[{'op':'require','key':'old','version':1},{'op':'require','key':'new','absent':true},"
                + "{'op':'put','key':'new','value':'größe','ttlMs':60000,'contentType':'text/plain'},"
                + "{'op':'put','keyBase64':'/w==','valueBase64':'gA=='},"
                + "{'op':'require','key':'old','present':true},"
                + "{'op':'delete','key':'old'},{'op':'delete','key':'none'}]");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).isEqualTo("application/json");
    assertThat(Json.value(answer.text()))
        .isEqualTo(
            List.of(
                Map.of(),
                Map.of(),
                Map.of("version", 2L, "existed", false),
                Map.of("version", 3L, "existed", false),
                Map.of(),
                Map.of("version", 4L, "existed", true),
                Map.of("version", 0L, "existed", false)));
    Entry<byte[], byte[]> entry = store.entry(bytes("new"));
    assertThat(entry.value()).asString(UTF_8).isEqualTo("größe");
    assertThat(entry.label()).isEqualTo("text/plain");
    assertThat(entry.expiresAt()).isNotNull();
    assertThat(store.get(new byte[] {(byte) 0xFF})).containsExactly(0x80);
    assertThat(store.containsKey(bytes("old"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '|',
      value = {"'absent':true;a", "'present':true;b", "'version':9;a", "'version':1;b"})
  void oneThatDoesNotHoldChangesNothing(String requirement, String key) throws IOException {
    store.put(bytes("a"), bytes("v"));

    Answer answer =
        batch(
            "[{'op':'put','key':'new','value':'1'},{'op':'require','key':'a','present':true},"
                + "{'op':'delete','key':'a'},"
                + "{'op':'require','key':'%s',%s}]".formatted(key, requirement));

    assertThat(answer.status()).isEqualTo(412);
    assertThat(answer.text()).contains("Element 3");
    assertThat(store.containsKey(bytes("a"))).isTrue();
    assertThat(store.containsKey(bytes("new"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | not a JSON array",
        "[] x | the error is in element",
        "[][] | goes on",
        "[ | the error is in element",
        "[1] | Element 0 of the batch is not an object",
        "[{'op':'delete','key':'a'},{'op':'x','key':'a'}] | Element 1 of the batch has no \"op\"",
        "[{'key':'a'}] | Element 0",
        "[{'op':'put','key':'a'}] | without a \"value\"",
        "[{'op':'put','value':'a'}] | no \"key\"",
        "[{'op':'put','key':'a','value':1}] | not a string",
        "[{'op':'put','key':'a','value':null}] | not a string",
        "[{'op':'put','key':'a','value':'b','value':'c'}] | more than once",
        "[{'op':'put','key':'a','value':'b','valueBase64':''}] | more than once",
        "[{'op':'put','key':'a','valueBase64':'%'}] | not Base64",
        "[{'op':'put','key':'a','value':'\\uD800'}] | surrogate",
        "[{'op':'put','key':'a','value':'b','ttlMs':0}] | ttlMs",
        "[{'op':'put','key':'a','value':'b','ttlMs':99999999999999}] | ttlMs",
        "[{'op':'put','key':'a','value':'b','contentType':''}] | contentType",
        "[{'op':'put','key':'a','value':'b','other':1}] | unknown field",
        "[{'op':'put','key':'a','value':'b','version':1}] | no \"version\"",
        "[{'op':'delete','key':'a','value':'b'}] | no \"value\"",
        "[{'op':'require','key':'a'}] | does not require",
        "[{'op':'require','key':'a','absent':true,'present':true}] | does not require",
        "[{'op':'require','key':'a','absent':false}] | not true",
        "[{'op':'require','key':'a','version':0}] | whole number",
        "[{'op':'require','key':'a','version':1.5}] | whole number",
        "[{'op':'require','key':'a','version':99999999999999999999}] | whole number",
      })
  void whatIsNoBatchIsRejected(String body, String why) throws IOException {
    Answer answer = batch(body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains(why).endsWith(".\n");
    assertThat(store.size()).isZero();
    assertThat(batch("[]").text()).isEqualTo("[]\n");
  }

  @Test
  void batchMayHaveSoManyElements() throws IOException {
    StringBuilder body = new StringBuilder("[{'op':'put','key':'a','value':'0'}");
    for (int i = 1; i < Batch.MAX_OPERATIONS; i++) {
      body.append(",{'op':'put','key':'a','value':'").append(i).append("'}");
    }

    assertThat(batch(body + "]").status()).isEqualTo(200);
    assertThat(batch(body + ",{'op':'delete','key':'a'}]").status()).isEqualTo(413);
    assertThat(store.get(bytes("a"))).asString(UTF_8).isEqualTo("65535");
  }

  @Test
  void batchMayHaveSoManyBytes() throws IOException {
    String put = "{'op':'put','key':'a','value':'" + "v".repeat(1_000_000) + "'}";

    assertThat(batch("[" + (put + ",").repeat(32) + put + "]").status()).isEqualTo(200);
    assertThat(batch("[" + (put + ",").repeat(33) + put + "]").status()).isEqualTo(413);
    client.send("POST /?batch HTTP/1.1\r\nHost: a\r\nContent-Length: 67108865\r\n\r\n");
    assertThat(client.answer().status()).isEqualTo(413);
  }

  @Test
  void otherMethodsAreRejected() throws IOException {
    client.send("GET /?batch HTTP/1.1\r\nHost: a\r\n\r\n");

    Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.field("Allow")).isEqualTo("POST");
  }

  @Test
  void clientsThatMoveMoneyLoseNone() throws Exception {
    int accounts = 4;
    for (int i = 0; i < accounts; i++) {
      store.put(bytes("account" + i), bytes("100"));
    }
    List<CompletableFuture<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int from = i;
      clients.add(CompletableFuture.supplyAsync(() -> move(from, accounts, 100)));
    }

    int moved = 0;
    for (CompletableFuture<Integer> one : clients) {
      moved += one.get();
    }

    int sum = 0;
    for (int i = 0; i < accounts; i++) {
      sum += Integer.parseInt(new String(store.get(bytes("account" + i)), UTF_8));
    }
    assertThat(sum).isEqualTo(accounts * 100);
    assertThat(moved).isEqualTo(4 * 100);
  }

  /** Moves one from account to account until it has been done so often. */
  private int move(int first, int accounts, int times) {
    int moved = 0;
    try (RawClient own = server.connect()) {
      for (int i = first; moved < times; i++) {
        Entry<byte[], byte[]> from = store.entry(bytes("account" + i % accounts));
        Entry<byte[], byte[]> to = store.entry(bytes("account" + (i + 1) % accounts));
        String body = "[" + add(from, -1) + "," + add(to, 1) + "]";
        int status = batch(own, body).status();
        assertThat(status).isIn(200, 412);
        moved += status == 200 ? 1 : 0;
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return moved;
  }

  private static String add(Entry<byte[], byte[]> entry, int delta) {
    String key = new String(entry.key(), UTF_8);
    int sum = Integer.parseInt(new String(entry.value(), UTF_8)) + delta;
    return "{'op':'require','key':'%1$s','version':%2$d},{'op':'put','key':'%1$s','value':'%3$d'}"
        .formatted(key, entry.version(), sum);
  }

  private Answer batch(String body) throws IOException {
    return batch(client, body);
  }

  private static Answer batch(RawClient client, String body) throws IOException {
    byte[] bytes = bytes(body.replace('\'', '"'));
    client.send("POST /?batch HTTP/1.1\r\nHost: a\r\nContent-Length: " + bytes.length + "\r\n\r\n");
    client.send(bytes);
    return client.answer();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
