package io.kvstore.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.kvstore.BackupReport;
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

/** The reports of commands, as text and, for statistics, as JSON. */
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

  static String of(Path to, BackupReport report) {
    StringBuilder text = new StringBuilder();
    text.append(to).append(" has all changes up to ").append(report.sequence()).append('\n');
    row(text, "files copied", report.filesCopied() + " (" + Sizes.of(report.bytesCopied()) + ")");
    row(text, "files kept", report.filesKept() + "");
    row(text, "duration millis", report.duration().toMillis() + "");
    return text.toString();
  }

  static String ofCompaction(long bytesBefore, long bytesAfter) {
    StringBuilder text = new StringBuilder();
    row(text, "disk bytes before", Sizes.of(bytesBefore));
    row(text, "disk bytes after", Sizes.of(bytesAfter));
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
    rows(text, "", values(stats));
    return text.toString();
  }

  private static void rows(StringBuilder text, String group, Map<String, Object> values) {
    values.forEach(
        (name, value) -> {
          String words = group + name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
          if (value instanceof Group nested) {
            rows(text, words + " ", nested.values());
          } else if (value instanceof Double ratio) {
            row(text, words, String.format(Locale.ROOT, "%.2f", ratio));
          } else {
            boolean isSize = name.endsWith("Bytes") && value instanceof Long;
            row(text, words, isSize ? Sizes.of((Long) value) : value.toString());
          }
        });
  }

  static String json(StoreStats stats) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, values(stats));
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, Map<String, Object> values) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Object> value : values.entrySet()) {
      json.writeFieldName(value.getKey());
      if (value.getValue() instanceof Group nested) {
        write(json, nested.values());
      } else {
        json.writeNumber(value.getValue().toString());
      }
    }
    json.writeEndObject();
  }

  /** A group of counters. */
  private record Group(Map<String, Object> values) {}

  /** Returns all counters, and values computed from them. */
  private static Map<String, Object> values(StoreStats stats) {
    Map<String, Object> values = components(stats);
    values.put("writeAmplification", stats.writeAmplification());
    values.put("staleRatio", stats.staleRatio());
    values.put("indexLoad", stats.indexLoad());
    return values;
  }

  /** Returns numbers, and groups of them, by name; durations in milliseconds. */
  private static Map<String, Object> components(Record counters) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : counters.getClass().getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(counters);
        if (value instanceof Duration time) {
          values.put(component.getName() + "Millis", time.toMillis());
        } else if (value instanceof Record group) {
          values.put(component.getName(), new Group(components(group)));
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
    text.append(String.format(Locale.ROOT, "%-27s %s%n", name, value));
  }
}
