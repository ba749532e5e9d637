package io.kvstore.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.kvstore.server.admin.Management.Parts;
import io.kvstore.server.admin.metrics.ServerInfo;
import io.kvstore.server.admin.port.Authorizer;
import io.kvstore.server.admin.port.ManagementAccess;
import io.kvstore.server.admin.port.ManagementRoutes;
import io.kvstore.server.http.message.Hosts;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The OpenAPI description of both ports: it is valid, and describes what the server does. */
class OpenApiTest {
  private static final Set<String> METHODS =
      Set.of("get", "head", "put", "post", "delete", "options");

  private final Map<?, ?> document;

  OpenApiTest() throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(Resources.text("openapi.json"))) {
      parser.nextToken();
      document = (Map<?, ?>) read(parser);
      assertThat(parser.nextToken()).isNull();
    }
  }

  private static Object read(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      Map<String, Object> object = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        assertThat(object.put(name, read(parser))).isNull();
      }
      return object;
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Object> array = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.add(read(parser));
      }
      return array;
    }
    return parser.getText();
  }

  private Object at(String reference) {
    Object place = document;
    for (String step : reference.substring(2).split("/", -1)) {
      place = place instanceof Map<?, ?> object ? object.get(step) : null;
    }
    return place;
  }

  private void checkReferences(Object part) {
    if (part instanceof Map<?, ?> object) {
      if (object.get("$ref") instanceof String reference) {
        assertThat(reference).startsWith("#/");
        assertThat(at(reference)).as(reference).isNotNull();
      }
      object.values().forEach(this::checkReferences);
    } else if (part instanceof List<?> array) {
      array.forEach(this::checkReferences);
    }
  }

  private Map<?, ?> paths() {
    return (Map<?, ?>) document.get("paths");
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    assertThat(document.get("openapi")).isEqualTo("3.1.0");
    checkReferences(document);
  }

  @Test
  void everyOperationHasANameOfItsOwnAndAnswers() {
    Set<Object> names = new TreeSet<>();
    paths()
        .values()
        .forEach(
            path ->
                ((Map<?, ?>) path)
                    .forEach(
                        (method, operation) -> {
                          if (METHODS.contains(method)) {
                            Map<?, ?> described = (Map<?, ?>) operation;
                            assertThat(names.add(described.get("operationId"))).isTrue();
                            assertThat((Map<?, ?>) described.get("responses")).isNotEmpty();
                          }
                        }));
    assertThat(names).hasSizeGreaterThan(10);
  }

  @Test
  void everyRouteOfTheManagementPortIsDescribedAndNoOther() {
    Set<String> described = new TreeSet<>();
    paths()
        .forEach(
            (path, item) -> {
              Map<?, ?> operations = (Map<?, ?>) item;
              if (operations.containsKey("servers")) {
                for (Object method : operations.keySet()) {
                  if (METHODS.contains(method)) {
                    described.add(((String) method).toUpperCase(Locale.ROOT) + " " + path);
                  }
                }
              }
            });

    ServerInfo facts = new ServerInfo("1", "data", "process", Instant.EPOCH);
    Parts parts = Parts.of(facts);
    ManagementRoutes routes =
        Management.routes(
            parts,
            new ManagementRoutes(
                new ManagementAccess(
                    InetAddress.getLoopbackAddress(), Hosts.of(List.of()), Authorizer.OPEN),
                Runnable::run));
    parts.close();
    Set<String> there = new TreeSet<>();
    routes
        .table()
        .forEach((path, methods) -> methods.keySet().forEach(m -> there.add(m + " " + path)));
    there.remove("GET /"); // which is the main port's path, too
    assertThat(described).isEqualTo(there);
  }

  @Test
  void everyMethodOfAnEntryIsDescribed() {
    Set<String> described = new TreeSet<>();
    ((Map<?, ?>) paths().get("/{key}")).keySet().forEach(key -> described.add((String) key));
    described.retainAll(METHODS);

    assertThat(described).isEqualTo(METHODS);
  }
}
