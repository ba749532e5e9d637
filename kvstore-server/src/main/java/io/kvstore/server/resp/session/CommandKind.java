package io.kvstore.server.resp.session;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The command type, as reported in metrics. */
public enum CommandKind {
  READ,
  WRITE,
  /** Neither: about the connection, the server, messages, transactions. */
  OTHER;

  /** Its place among {@link #names}. */
  @SuppressWarnings("EnumOrdinal") // which is what it is
  public int number() {
    return ordinal();
  }

  /** Their names, each at its number. */
  static List<String> names() {
    return Stream.of(values()).map(kind -> kind.name().toLowerCase(Locale.ROOT)).toList();
  }
}
