package io.kvstore.server.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.Damage;
import io.kvstore.RepairReport;
import io.kvstore.StoreStats;
import io.kvstore.VerifyReport;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What commands have found, as text for people and, of statistics, as JSON. */
final class Reports {
  private static final JsonFactory JSON = new JsonFactory();

  private Reports() {}

  static String of(Path directory, VerifyReport report) {
    StringBuilder text = new StringBuilder();
    text.append(directory)
        .append(report.isWhole() ? " is whole" : " is damaged")
        .append(report.tornBytes() > 0 ? ", with a torn tail that opening will cut off" : "")
        .append('\n');
    row(text, "segments", report.segments() + "");
    row(text, "live puts", counted(report.entries(), report.liveBytes()));
    row(text, "stale puts", counted(report.stalePuts(), report.staleBytes()));
    row(text, "tombstones", counted(report.tombstones(), report.tombstoneBytes()));
    row(text, "marks", report.marks() + "");
    row(text, "seals", report.seals() + "");
    row(text, "torn tail", Sizes.of(report.tornBytes()));
    row(text, "damaged places", report.damage().size() + "");
    places(text, report.damage());
    return text.toString();
  }

  static String of(Path to, RepairReport report) {
    StringBuilder text = new StringBuilder();
    text.append(report.entries() == 1 ? "1 entry" : report.entries() + " entries")
        .append(" (")
        .append(Sizes.of(report.bytes()))
        .append(") are in ")
        .append(to)
        .append('\n');
    row(text, "dropped or damaged places", report.dropped().size() + "");
    places(text, report.dropped());
    if (!report.dropped().isEmpty()) {
      text.append("A key whose latest change was lost has the value before it, or none.\n");
    }
    return text.toString();
  }

  private static void places(StringBuilder text, List<Damage> places) {
    for (Damage place : places) {
      text.append("  ").append(place).append(changes(place)).append('\n');
    }
  }

  private static String changes(Damage place) {
    if (place.firstSequence() == 0) {
      return "";
    }
    if (place.lastSequence() == 0) {
      return "; changes from " + place.firstSequence() + " on may be lost";
    }
    if (place.lastSequence() < place.firstSequence()) {
      return "; no change is lost";
    }
    return place.lastSequence() == place.firstSequence()
        ? "; change " + place.firstSequence() + " is lost"
        : "; changes from " + place.firstSequence() + " to " + place.lastSequence() + " are lost";
  }

  static String of(StoreStats stats) {
    StringBuilder text = new StringBuilder();
    values(stats)
        .forEach(
            (name, value) -> {
              String words = name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
              boolean isSize = name.endsWith("Bytes") && value instanceof Long;
              row(text, words, isSize ? Sizes.of((Long) value) : value.toString());
            });
    return text.toString();
  }

  static String json(StoreStats stats) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, Object> value : values(stats).entrySet()) {
        json.writeFieldName(value.getKey());
        json.writeNumber(value.getValue().toString());
      }
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }

  /** Returns all counters there are, by name; of a time its milliseconds. */
  private static Map<String, Object> values(StoreStats stats) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : StoreStats.class.getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(stats);
        if (value instanceof Duration time) {
          values.put(component.getName() + "Millis", time.toMillis());
        } else {
          values.put(component.getName(), value);
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
    return values;
  }

  private static String counted(long records, long bytes) {
    return String.format(Locale.ROOT, "%,d in %s", records, Sizes.of(bytes));
  }

  private static void row(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-22s %s%n", name, value));
  }
}
