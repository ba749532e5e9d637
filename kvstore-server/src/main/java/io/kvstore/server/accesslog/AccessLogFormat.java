package io.kvstore.server.accesslog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The line format of the access log. */
public enum AccessLogFormat {
  /** Off: nothing is logged. */
  OFF {
    @Override
    String line(AccessEntry entry) {
      throw new IllegalStateException("the access log is off");
    }
  },

  /** The combined log format of the Apache HTTP Server, in UTC. */
  COMBINED {
    @Override
    String line(AccessEntry entry) {
      StringBuilder line = new StringBuilder(256);
      line.append(entry.remote()).append(" - ");
      word(line, entry.user());
      line.append(" [").append(COMBINED_TIME.format(entry.time().atOffset(ZoneOffset.UTC)));
      line.append("] ");
      AccessEntry.Line request = entry.request();
      quoted(
          line,
          request == null
              ? null
              : request.method() + ' ' + request.target() + ' ' + request.version());
      line.append(' ').append(entry.status()).append(' ').append(entry.bytes()).append(' ');
      quoted(line, entry.referer());
      line.append(' ');
      quoted(line, entry.userAgent());
      return line.toString();
    }
  },

  /** A JSON object. */
  JSON {
    @Override
    String line(AccessEntry entry) {
      StringWriter line = new StringWriter();
      try (JsonGenerator json = FACTORY.createGenerator(line)) {
        json.writeStartObject();
        json.writeStringField("time", entry.time().truncatedTo(ChronoUnit.MILLIS).toString());
        json.writeStringField("remote", entry.remote());
        text(json, "user", entry.user());
        AccessEntry.Line request = entry.request();
        if (request != null) {
          json.writeStringField("method", request.method());
          json.writeStringField("target", request.target());
          json.writeStringField("version", request.version());
        }
        json.writeNumberField("status", entry.status());
        json.writeNumberField("bytes", entry.bytes());
        json.writeNumberField("micros", TimeUnit.NANOSECONDS.toMicros(entry.nanos()));
        text(json, "referer", entry.referer());
        text(json, "userAgent", entry.userAgent());
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return line.toString();
    }
  };

  private static final DateTimeFormatter COMBINED_TIME =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ENGLISH);

  private static final JsonFactory FACTORY = new JsonFactory();

  /** The text for a missing field in the combined format. */
  private static final String NOTHING = "-";

  /**
   * Formats a line, without its end. The fields can't contain characters that would end it or
   * another field.
   */
  abstract String line(AccessEntry entry);

  private static void word(StringBuilder line, @Nullable String text) {
    line.append(text == null ? NOTHING : text);
  }

  /**
   * Escapes everything that is not printable ASCII, as Apache does, so that clients can't forge
   * lines.
   */
  private static void quoted(StringBuilder line, @Nullable String text) {
    line.append('"');
    if (text == null) {
      line.append(NOTHING);
    } else {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '"' || c == '\\') {
          line.append('\\').append(c);
        } else if (c >= ' ' && c <= '~') {
          line.append(c);
        } else {
          line.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
        }
      }
    }
    line.append('"');
  }

  private static void text(JsonGenerator json, String name, @Nullable String text)
      throws IOException {
    if (text != null) {
      json.writeStringField(name, text);
    }
  }
}
