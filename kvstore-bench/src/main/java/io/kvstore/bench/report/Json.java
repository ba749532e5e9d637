package io.kvstore.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Parses a JSON object into maps in the order of the text, lists, strings, booleans and {@link
 * java.math.BigDecimal}s; null becomes the string {@code "null"}, as a report shows it.
 */
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Where what is not closed began: of a single line that says nothing. */
  private static final Pattern START = Pattern.compile(" \\(start marker at .*", Pattern.DOTALL);

  private Json() {}

  /**
   * Returns the object that the text is.
   *
   * @throws IOException if it is anything else; the message says what and where in the text
   */
  static Map<String, Object> object(String text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      Map<String, Object> object = objectAt(parser);
      if (parser.nextToken() != null) {
        throw new IOException("goes on after the JSON object");
      }
      return object;
    } catch (JsonProcessingException e) {
      String where = "not JSON at column " + e.getLocation().getColumnNr() + ": ";
      throw new IOException(where + START.matcher(e.getOriginalMessage()).replaceFirst(""), e);
    }
  }

  private static Map<String, Object> objectAt(JsonParser parser) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      object.put(name, valueAt(parser));
    }
    return object;
  }

  private static Object valueAt(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> objectAt(parser);
      case START_ARRAY -> listAt(parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      default -> parser.getText();
    };
  }

  private static List<Object> listAt(JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(valueAt(parser));
    }
    return list;
  }
}
