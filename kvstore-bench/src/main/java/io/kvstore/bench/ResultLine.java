package io.kvstore.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * A line of results in the format of {@link io.kvstore.bench.report.Report}: the samples, or the
 * reason why there are none.
 *
 * @param question its name
 * @param subject the store or server measured
 * @param params further parameters of the measurement, numbers and words, in the order in which
 *     they are written
 * @param unit of the samples
 * @param round from 1
 */
public record ResultLine(
    String question, String subject, Map<String, ?> params, String unit, int round) {
  private static final JsonFactory JSON = new JsonFactory();

  /** Returns it as JSON, with what was measured. */
  public String withSamples(List<? extends Number> samples) {
    return json(
        json -> {
          json.writeArrayFieldStart("samples");
          for (Number sample : samples) {
            json.writeNumber(sample.toString());
          }
          json.writeEndArray();
        });
  }

  /** Returns it as JSON, with a sentence that says why there is nothing. */
  public String withFailure(String sentence) {
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
      json.writeStringField("subject", subject);
      json.writeObjectFieldStart("params");
      for (Map.Entry<String, ?> param : params.entrySet()) {
        json.writeFieldName(param.getKey());
        if (param.getValue() instanceof Number number) {
          json.writeNumber(number.toString());
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
