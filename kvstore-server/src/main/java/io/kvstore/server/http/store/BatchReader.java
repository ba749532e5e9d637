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
 * The operations and preconditions in the body of a batch: an array of objects in UTF-8, and
 * nothing else. Names the place of the first one that is wrong.
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
   * Returns the batch, and what each of its elements is.
   *
   * @param batch an empty one, to be filled
   * @throws HttpException if the body is anything else, or has keys that are not for the client
   */
  static StoreBatch read(StoreBatch batch, byte[] body) {
    if (!Utf8.isValid(body, 0, body.length) || !JsonValue.startsAsUtf8(body)) {
      throw invalid("The body is not UTF-8 without a byte order mark.");
    }
    try (JsonParser parser = JSON.createParser(body)) {
      read(parser, batch);
    } catch (IOException e) {
      throw invalid(
          "The body is not a JSON array of objects: it goes wrong in element "
              + batch.size()
              + ", or behind it.");
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
