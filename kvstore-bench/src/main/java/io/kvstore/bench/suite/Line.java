package io.kvstore.bench.suite;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.bench.rival.Rival;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One result: what was found, or why nothing was.
 *
 * @param question its name, which is that of the file as well
 * @param rival who was asked
 * @param params what else tells it from others of the question: numbers and words
 * @param unit of the samples
 * @param round from 1
 */
record Line(String question, Rival rival, Map<String, ?> params, String unit, int round) {
  private static final JsonFactory JSON = new JsonFactory();

  Line {
    params = new TreeMap<String, Object>(params); // the same order in every line
  }

  /** Returns it as JSON, with what was measured. */
  String withSamples(List<Double> samples) {
    return json(
        json -> {
          json.writeArrayFieldStart("samples");
          for (double sample : samples) {
            json.writeNumber(sample);
          }
          json.writeEndArray();
        });
  }

  /** Returns it as JSON, with a sentence that says why there is nothing. */
  String withFailure(String sentence) {
    return json(json -> json.writeStringField("failed", sentence));
  }

  private interface Rest {
    void write(JsonGenerator json) throws IOException;
  }

  private String json(Rest rest) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("question", question);
      json.writeStringField("subject", rival.label());
      json.writeObjectFieldStart("params");
      for (Map.Entry<String, ?> param : params.entrySet()) {
        json.writeFieldName(param.getKey());
        if (param.getValue() instanceof Integer number) {
          json.writeNumber(number);
        } else {
          json.writeString(String.valueOf(param.getValue()));
        }
      }
      json.writeEndObject();
      json.writeStringField("unit", unit);
      rest.write(json);
      json.writeNumberField("round", round);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("can't write JSON to memory", e);
    }
    return text.toString();
  }
}
