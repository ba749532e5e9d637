package io.kvstore.server.http;

import io.kvstore.server.http.entry.EntryRequest;
import io.kvstore.server.http.store.StoreRequest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The request type, as reported in metrics. */
enum Operation {
  GET,
  PUT,
  POST,
  DELETE,
  LIST,
  BATCH,
  WATCH,
  /** None of these: OPTIONS, a method that is none of ours, or what can't be understood. */
  OTHER;

  /** Its place among {@link #names}. */
  @SuppressWarnings("EnumOrdinal") // which is what it is
  int number() {
    return ordinal();
  }

  /** Their names, each at its number. */
  static List<String> names() {
    return Stream.of(values()).map(operation -> operation.name().toLowerCase(Locale.ROOT)).toList();
  }

  /**
   * Tells what a request asks for.
   *
   * @param toStore the request, if it is one to the store as a whole
   */
  static Operation of(EntryRequest request, @Nullable StoreRequest toStore) {
    if (toStore != null) {
      return switch (toStore.route()) {
        case BATCH -> BATCH;
        case WATCH -> WATCH;
        case LISTING -> LIST;
      };
    }
    return switch (request.method()) {
      case GET, HEAD -> GET;
      case PUT -> PUT;
      case POST -> POST;
      case DELETE -> DELETE;
      case OPTIONS -> OTHER;
    };
  }
}
