package io.kvstore.server.http.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.kvstore.Batch;
import io.kvstore.server.http.message.HttpException;
import io.kvstore.server.http.message.JsonValue;
import io.kvstore.server.http.message.Status;
import io.kvstore.server.http.message.Utf8;
import java.io.IOException;

/**
 * The parser of batches: an array of JSON objects in UTF-8, the operations and preconditions.
 * Errors name the index of the first invalid element.
 */
final class BatchReader {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private BatchReader() {}

  /**
   * Parses a batch.
   *
   * @param batch an empty batch, to be filled
   * @throws HttpException if the body is malformed, or contains keys that the client may not use
   */
  static StoreBatch read(StoreBatch batch, byte[] body) {
    if (!Utf8.isValid(body, 0, body.length) || !JsonValue.startsAsUtf8(body)) {
      throw invalid("The body is not UTF-8 without a byte order mark.");
    }
    try (JsonParser parser = JSON.createParser(body)) {
      read(parser, batch);
    } catch (IOException e) {
      throw invalid(
          "The body is not a JSON array of objects: the error is in element "
              + batch.size()
              + ", or after it.");
    }
    return batch;
  }

  private static void read(JsonParser parser, StoreBatch batch) throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw invalid("The body is not a JSON array.");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw wrong(batch.size(), "is not an object");
      }
      if (batch.size() == Batch.MAX_OPERATIONS) {
        throw HttpException.of(
            Status.CONTENT_TOO_LARGE,
            "The batch has more than " + Batch.MAX_OPERATIONS + " operations and preconditions.");
      }
      BatchElement element = new BatchElement();
      try {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          element.take(name, parser);
        }
        batch.add(element);
      } catch (IllegalArgumentException e) {
        throw wrong(batch.size(), String.valueOf(e.getMessage()));
      }
    }
    if (parser.nextToken() != null) {
      throw invalid("The body goes on after the JSON array.");
    }
  }

  private static HttpException wrong(int index, String what) {
    return invalid("Element " + index + " of the batch " + what + ".");
  }

  private static HttpException invalid(String sentence) {
    return HttpException.of(Status.BAD_REQUEST, sentence);
  }
}
