package io.kvstore.server.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoder of long values: it writes what Jackson does, piece by piece. */
class LongJsonTest {
  private static final int SEEDS = 20;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9 << 10, (9 << 10) + 1, 100_000})
  void bytesAreWrittenAsJacksonDoes(int length) throws IOException {
    byte[] bytes = new byte[length];
    for (int seed = 0; seed < SEEDS; seed++) {
      new Random(seed).nextBytes(bytes);
      bytes[length - 1] = (byte) 0xFF;
      assertThat(encoded(bytes)).isEqualTo(expected(bytes));
    }
  }

  @Test
  void textIsWrittenAsJacksonDoes() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int seed = 0; seed < SEEDS; seed++) {
      text.setLength(0);
      Random random = new Random(seed);
      for (int i = 0; i < 60_000; i++) {
        int most = random.nextInt(3) == 0 ? Character.MAX_CODE_POINT : 0x100;
        int character = random.nextInt(most);
        text.appendCodePoint(Character.getType(character) == Character.SURROGATE ? '"' : character);
      }
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);

      assertThat(encoded(bytes)).isEqualTo(expected(bytes)).startsWith("\"value\"");
    }
  }

  @Test
  void brokenUtf8IsBase64() throws IOException {
    for (byte[] end : new byte[][] {{(byte) 0xC3}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}}) {
      byte[] bytes = "x".repeat(50_000).getBytes(StandardCharsets.UTF_8);
      System.arraycopy(end, 0, bytes, bytes.length - end.length, end.length);

      assertThat(encoded(bytes)).isEqualTo(expected(bytes)).startsWith("\"valueBase64\"");
    }
  }

  private static String encoded(byte[] bytes) throws IOException {
    LongJson json = LongJson.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!json.isDone()) {
      json.writeNext(out);
    }
    return '"' + json.field("value") + "\":\"" + out.toString(StandardCharsets.UTF_8) + '"';
  }

  private static String expected(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json =
        new JsonFactoryBuilder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build()
            .createGenerator(out, JsonEncoding.UTF8)) {
      json.writeStartObject();
      JsonBytes.write(json, "value", bytes);
      json.writeEndObject();
    }
    String object = out.toString(StandardCharsets.UTF_8);
    return object.substring(1, object.length() - 1);
  }
}
