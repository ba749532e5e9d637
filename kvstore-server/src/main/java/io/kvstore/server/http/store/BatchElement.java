package io.kvstore.server.http.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kvstore.Batch;
import io.kvstore.KvStore;
import io.kvstore.PutOptions;
import io.kvstore.server.http.message.EntityTag;
import io.kvstore.server.http.message.MediaType;
import io.kvstore.server.json.JsonBytes;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An element of a batch: collects the fields of a JSON object, then becomes an operation or a
 * precondition. The messages of its exceptions are predicates.
 */
final class BatchElement {
  private final Set<String> fields = new HashSet<>();
  private String op = "";
  private byte[] key = {};
  private byte[] value = {};
  private PutOptions options = PutOptions.NONE;
  private @Nullable EntityTag version;

  /**
   * Adds a field.
   *
   * @param parser positioned at the field's value
   * @throws IllegalArgumentException if a batch has no such field
   */
  void take(String name, JsonParser parser) throws IOException {
    String field = name;
    switch (name) {
      case "op" -> op = text(name, parser);
      case "key" -> key = JsonBytes.read(name, text(name, parser));
      case "value" -> value = JsonBytes.read(name, text(name, parser));
      case "keyBase64" -> {
        key = JsonBytes.read(name, text(name, parser));
        field = "key";
      }
      case "valueBase64" -> {
        value = JsonBytes.read(name, text(name, parser));
        field = "value";
      }
      case "ttlMs" -> options = options.ttl(ttl(number(name, parser)));
      case "contentType" -> options = options.label(mediaType(text(name, parser)));
      case "version" -> version = version(name, parser);
      case "absent", "present" -> checkTrue(name, parser);
      default -> throw new IllegalArgumentException("has an unknown field \"" + name + "\"");
    }
    if (!fields.add(field)) {
      throw new IllegalArgumentException("has \"" + field + "\" more than once");
    }
  }

  byte[] key() {
    return key;
  }

  /**
   * Adds the element to a batch.
   *
   * @param store the store that the batch is for
   * @return whether it is an operation
   * @throws IllegalArgumentException if the element is incomplete
   */
  boolean addTo(Batch<byte[], byte[]> batch, KvStore<byte[], byte[]> store) {
    switch (op) {
      case "put" -> {
        check(fields.contains("value"), "is a put without a \"value\"");
        checkFields(Set.of("op", "key", "value", "ttlMs", "contentType"));
        batch.put(key, value, options);
      }
      case "delete" -> {
        checkFields(Set.of("op", "key"));
        batch.delete(key);
      }
      case "require" -> require(batch, store);
      default ->
          throw new IllegalArgumentException(
              "has no \"op\" that is \"put\", \"delete\" or \"require\"");
    }
    return !op.equals("require");
  }

  private void require(Batch<byte[], byte[]> batch, KvStore<byte[], byte[]> store) {
    checkFields(Set.of("op", "key", "version", "absent", "present"));
    check(
        fields.size() == 3,
        "does not require one of \"version\", \"absent\": true and \"present\": true");
    if (fields.contains("absent")) {
      batch.requireAbsent(key);
    } else if (fields.contains("present")) {
      batch.requirePresent(key);
    } else if (version != null) {
      batch.requireVersion(key, version.id().required(store));
    }
  }

  private void checkFields(Set<String> known) {
    check(fields.contains("key"), "has no \"key\"");
    check(key.length <= KvStore.MAX_KEY_BYTES, "has a key that is too long");
    for (String field : fields) {
      check(known.contains(field), "is a " + op + ", which has no \"" + field + "\"");
    }
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private static String text(String name, JsonParser parser) throws IOException {
    check(
        parser.currentToken() == JsonToken.VALUE_STRING,
        "has a \"" + name + "\" that is not a string");
    return parser.getText();
  }

  private static String mediaType(String text) {
    check(
        MediaType.isValid(text),
        "has a \"contentType\" that is not one like text/plain; charset=utf-8");
    return text;
  }

  private static long number(String name, JsonParser parser) throws IOException {
    check(
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
            && parser.getLongValue() > 0,
        "has a \"" + name + "\" that is not a whole number from 1");
    return parser.getLongValue();
  }

  private static EntityTag version(String name, JsonParser parser) throws IOException {
    boolean isNumber = parser.currentToken() != JsonToken.VALUE_STRING;
    EntityTag tag =
        isNumber ? EntityTag.plain(number(name, parser)) : EntityTag.of(parser.getText(), false);
    if (tag == null) {
      throw new IllegalArgumentException(
          "has a \"" + name + "\" that is neither a number nor an ETag without its quotes");
    }
    return tag;
  }

  private static void checkTrue(String name, JsonParser parser) {
    check(parser.currentToken() == JsonToken.VALUE_TRUE, "has a \"" + name + "\" that is not true");
  }

  private static Duration ttl(long millis) {
    check(
        millis <= KvStore.MAX_TTL.toMillis(),
        "has a \"ttlMs\" of more than " + KvStore.MAX_TTL.toMillis());
    return Duration.ofMillis(millis);
  }
}
