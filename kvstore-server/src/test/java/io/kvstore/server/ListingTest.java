package io.kvstore.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.codec.Codecs;
import io.kvstore.server.http.message.HttpLimits;
import io.kvstore.server.http.message.StreamLimits;
import io.kvstore.server.testing.Answer;
import io.kvstore.server.testing.Json;
import io.kvstore.server.testing.RawClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listings: {@code GET /?prefix=} and similar. */
class ListingTest {
  private static final int ENTRIES = 2_500;

  private final KvStore<byte[], byte[]> store =
      KvStore.builder(Codecs.bytes(), Codecs.bytes()).open();
  @AutoClose private final TestServer server = TestServer.start(store);
  private final RawClient client = server.connect();

  ListingTest() throws IOException {}

  @ParameterizedTest
  @CsvSource({"1, 300", "7, 2500", "100, 2500", "999, 2500", "10000, 2500"})
  void pagesHaveEveryEntryOnce(int limit, int entries) throws IOException {
    fill("k", entries);

    List<String> listed = new ArrayList<>();
    String cursor = "";
    do {
      Answer answer = get("/?limit=" + limit + "&cursor=" + cursor);
      Map<String, @Nullable Object> page = page(answer);
      listed.addAll(keys(page));
      cursor = (String) page.get("cursor");
    } while (cursor != null);

    assertThat(listed).doesNotHaveDuplicates().hasSize(entries);
  }

  @Test
  void linesHaveEveryEntryOnce() throws IOException {
    fill("k", ENTRIES);
    fill("other", 100);

    Answer answer = get("/?prefix=k&values");

    assertThat(answer.field("Content-Type")).isEqualTo("application/x-ndjson");
    List<Map<String, @Nullable Object>> lines = Json.objects(answer.text());
    Set<Object> keys = new HashSet<>();
    for (Map<String, @Nullable Object> line : lines) {
      assertThat(keys.add(line.get("key"))).isTrue();
      assertThat(line.get("value")).isEqualTo("v" + line.get("key"));
    }
    assertThat(lines).hasSize(ENTRIES);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 500})
  void entryThatStaysIsListedOnceWhateverHappensMeanwhile(int limit) throws IOException {
    fill("stays", 1_000);
    fill("goes", 1_000);

    List<String> listed = new ArrayList<>();
    String cursor = "";
    int round = 0;
    do {
      Map<String, @Nullable Object> page = page(get("/?limit=" + limit + "&cursor=" + cursor));
      listed.addAll(keys(page));
      cursor = (String) page.get("cursor");
      for (int i = 0; i < 10; i++, round++) {
        store.delete(bytes("goes" + round));
        store.put(bytes("comes" + round), bytes("v"));
        store.put(bytes("stays" + (round * 37 % 1_000)), bytes("new"));
      }
    } while (cursor != null);

    assertThat(listed).doesNotHaveDuplicates();
    assertThat(listed.stream().filter(key -> key.startsWith("stays"))).hasSize(1_000);
  }

  @Test
  void linesAreCutAtTheLimitAndSayWhereTheyGoOn() throws IOException {
    fill("k", 500);

    List<Map<String, @Nullable Object>> lines = Json.objects(get("/?values&limit=300").text());
    String cursor = String.valueOf(lines.remove(lines.size() - 1).get("cursor"));
    List<Map<String, @Nullable Object>> rest =
        Json.objects(get("/?values&cursor=" + cursor).text());

    assertThat(lines).hasSizeBetween(300, 310);
    assertThat(lines.size() + rest.size()).isEqualTo(500);
  }

  @Test
  void entryTellsWhatThereIsToIt() throws IOException {
    PutOptions options = PutOptions.NONE.label("text/plain").ttl(Duration.ofMinutes(1));
    store.write(store.batch().put(bytes("größe"), bytes("12 €"), options));
    long version = store.entry(bytes("größe")).version();

    Map<String, @Nullable Object> page = page(get("/?prefix=gr%C3%B6"));

    assertThat(page.keySet()).containsExactly("entries");
    Map<?, ?> entry = (Map<?, ?>) ((List<?>) page.get("entries")).get(0);
    assertThat((long) entry.get("ttlMs")).isBetween(1L, 60_000L);
    assertThat(entry.get("key")).isEqualTo("größe");
    assertThat(entry.get("version")).isEqualTo(version);
    assertThat(entry.get("contentType")).isEqualTo("text/plain");
    assertThat(entry.get("bytes")).isEqualTo(6L);
    assertThat(entry).hasSize(5);
  }

  @Test
  void bytesThatAreNoTextAreBase64() throws IOException {
    store.put(new byte[] {(byte) 0xFF, 'a'}, new byte[] {(byte) 0x80});

    Map<String, @Nullable Object> line = Json.objects(get("/?prefix=%FF&values").text()).get(0);

    assertThat(line).containsEntry("keyBase64", "/2E=").containsEntry("valueBase64", "gA==");
    assertThat(line).doesNotContainKeys("key", "value");
  }

  @Test
  void nothingIsAnEmptyList() throws IOException {
    assertThat(Json.value(get("/?prefix=").text())).isEqualTo(Map.of("entries", List.of()));
    assertThat(get("/?values").body()).isEmpty();
  }

  @Test
  void linesAreForThoseWhoAskForThem() throws IOException {
    fill("k", 3);

    client.send("GET /?limit=9 HTTP/1.1\r\nHost: a\r\nAccept: application/x-ndjson\r\n\r\n");

    Answer answer = client.answer();
    assertThat(answer.field("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(Json.objects(answer.text())).hasSize(3).allMatch(line -> !line.containsKey("value"));
  }

  @Test
  void headIsThatOfTheList() throws IOException {
    fill("k", 3);
    client.send("HEAD /?values HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(client.headAnswer().field("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(Json.objects(get("/?values").text())).hasSize(3);
  }

  @Test
  void oldClientGetsBytesThatEndWithTheConnection() throws IOException {
    fill("k", 1_000);

    client.send("GET /?values HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    Answer answer = client.answer();
    assertThat(answer.field("Connection")).isEqualTo("close");
    assertThat(Json.objects(answer.text())).hasSize(1_000);
  }

  @Test
  void requestsBehindAListAreAnsweredBehindIt() throws IOException {
    fill("k", ENTRIES);
    String list = "GET /?values HTTP/1.1\r\nHost: a\r\n\r\n";
    client.send(list + "GET /k1 HTTP/1.1\r\nHost: a\r\n\r\n" + list);

    assertThat(Json.objects(client.answer().text())).hasSize(ENTRIES);
    assertThat(client.answer().text()).isEqualTo("vk1");
    assertThat(Json.objects(client.answer().text())).hasSize(ENTRIES);
  }

  @Test
  void clientThatHasSentAllItWillStillGetsTheList() throws IOException {
    fill("k", ENTRIES);
    client.send("GET /?values HTTP/1.1\r\nHost: a\r\n\r\n");
    client.shutdownOutput();

    assertThat(Json.objects(client.answer().text())).hasSize(ENTRIES);
    assertThat(client.closed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=",
        "limit=10001",
        "limit=-1",
        "limit=1x",
        "limit=99999999999",
        "cursor=none",
        "values=1",
        "prefix=%F",
        "limit=1&limit=2"
      })
  void whatMakesNoSenseIsRejected(String query) throws IOException {
    Answer answer = get("/?" + query);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).endsWith(".\n");
    assertThat(get("/?limit=1").status()).isEqualTo(200);
  }

  @Test
  void emptyPathWithoutThemIsAnEntry() throws IOException {
    assertThat(get("/?other").status()).isEqualTo(404);

    store.put(bytes(""), bytes("empty"));

    assertThat(get("/?other").text()).isEqualTo("empty");
    assertThat(get("/k?prefix=").status()).isEqualTo(404);
  }

  @Test
  void otherMethodsAreRejected() throws IOException {
    client.send("DELETE /?prefix=a HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(client.answer().status()).isEqualTo(405);
  }

  @Test
  void onlySoManyListsAreMadeAtOnce() throws IOException {
    store.put(bytes("k"), bytes("v"));
    Duration patience = Duration.ofSeconds(20);
    StreamLimits one = new StreamLimits(1, 1, patience);
    HttpLimits limits =
        new HttpLimits(TestServer.MAX_VALUE_BYTES, patience, patience, patience, one);
    byte[] value = new byte[1 << 20];
    for (int i = 0; i < 40; i++) {
      store.put(bytes("big" + i), value);
    }

    try (TestServer narrow = TestServer.start(store, limits)) {
      Answer rejected;
      try (RawClient first = narrow.connect();
          RawClient second = narrow.connect()) {
        first.send("GET /?values HTTP/1.1\r\nHost: a\r\n\r\n");
        first.headAnswer();
        second.send("GET /?values HTTP/1.1\r\nHost: a\r\n\r\n");
        rejected = second.answer();
      }
      assertThat(rejected.status()).isEqualTo(503);
      assertThat(rejected.field("Retry-After")).isNotNull();
    }
  }

  private void fill(String prefix, int entries) {
    for (int i = 0; i < entries; i++) {
      store.put(bytes(prefix + i), bytes("v" + prefix + i));
    }
  }

  private Answer get(String target) throws IOException {
    client.send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return client.answer();
  }

  @SuppressWarnings("unchecked") // an object
  private static Map<String, @Nullable Object> page(Answer answer) throws IOException {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("Content-Type")).isEqualTo("application/json");
    return (Map<String, @Nullable Object>) Json.value(answer.text());
  }

  private static List<String> keys(Map<String, @Nullable Object> page) {
    List<String> keys = new ArrayList<>();
    for (Object entry : (List<?>) page.get("entries")) {
      keys.add((String) ((Map<?, ?>) entry).get("key"));
    }
    return keys;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
