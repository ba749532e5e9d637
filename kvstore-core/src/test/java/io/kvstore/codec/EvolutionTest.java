package io.kvstore.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvstore.KvStore;
import io.kvstore.KvStoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each class change of {@code docs/evolution.md}: a store written by version 1 of some classes is
 * kept in {@code src/test/resources/evolution/store} and must always be readable by versions 2 and
 * 3.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvolutionTest {
  private static final String ERROR = "error: ";

  /** The class of a change, and what versions 2 and 3 read. */
  private record Row(String change, String className, String second, String third) {
    @Override
    public String toString() {
      return change;
    }
  }

  private static Row row(String change, String className, String second, String third) {
    return new Row(change, className, second, third);
  }

  private static Row row(String change, String className, String both) {
    return new Row(change, className, both, both);
  }

  private static final List<Row> ROWS =
      List.of(
          row(
              "component added",
              "Added",
              "Added[count=0, id=a, note=null, by=Optional.empty, paid=false]",
              "Added[count=0, id=a, note=null, by=Optional.empty, paid=false, sum=0.0]"),
          row(
              "component added, with a default",
              "AddedWithDefault",
              "AddedWithDefault[id=a, note=none]"),
          row("component removed", "Removed", "Removed[id=a]"),
          row("component removed, and its class too", "RemovedWithClass", "RemovedWithClass[id=a]"),
          row(
              "components reordered",
              "Reordered",
              "Reordered[c=c, a=a, b=2]",
              "Reordered[b=2, c=c, a=a]"),
          row(
              "component renamed, with its former name",
              "ComponentRenamed",
              "ComponentRenamed[second=a]",
              "ComponentRenamed[third=a]"),
          row(
              "component renamed, without a former name",
              "RenamedInSilence",
              "RenamedInSilence[second=null]"),
          row(
              "class renamed, with its former name",
              "ClassRenamed",
              "Called[id=a, more=[Called[id=b, more=[]]]]",
              "CalledAgain[id=a, more=[CalledAgain[id=b, more=[]]]]"),
          row(
              "class renamed without a former name, or no longer registered",
              "Unregistered",
              ERROR + "shop.Unregistered was written and is not registered now"),
          row(
              "primitive widened",
              "Widened",
              "Widened[b=-1, s=-2, i=-3, l=-4.0, f=0.5, c=65]",
              "Widened[b=-1.0, s=-2.0, i=-3.0, l=-4.0, f=0.5, c=65.0]"),
          row(
              "box widened",
              "BoxWidened",
              "BoxWidened[i=-3, c=65, s=Optional[5]]",
              "BoxWidened[i=-3.0, c=65, s=Optional[5]]"),
          row(
              "primitive changed to its box, or to a wider one",
              "Boxed",
              "Boxed[i=3, b=true, wide=4]",
              "Boxed[i=3, b=true, wide=4.0]"),
          row(
              "number narrowed",
              "Narrowed",
              ERROR + "shop.Narrowed.count was written as long and is int now",
              "Narrowed[count=3]"),
          row(
              "box changed to a primitive",
              "Unboxed",
              ERROR + "shop.Unboxed.count was written as java.lang.Integer and is int now"),
          row(
              "type changed to an unrelated one",
              "Changed",
              ERROR + "shop.Changed.count was written as java.lang.String and is int now",
              ERROR
                  + "shop.Changed.count was written as java.lang.String and is"
                  + " java.util.Optional<java.lang.String> now"),
          row(
              "type changed to a supertype",
              "MadeGeneral",
              "MadeGeneral[i=3, list=[a], circle=Circle[radius=1]]"),
          row(
              "elements of a collection widened",
              "ElementsWidened",
              "ElementsWidened[list=[1, 2], map={a=3.0}]"),
          row(
              "elements of a collection changed",
              "ElementsChanged",
              ERROR
                  + "shop.ElementsChanged.list was written as java.util.List<java.lang.Integer> and"
                  + " is java.util.List<java.lang.String> now: expected"
                  + " java.lang.String, found java.lang.Integer"),
          row(
              "collection changed to another kind",
              "CollectionChanged",
              ERROR + "java.util.List<java.lang.Integer> and is java.util.Set<java.lang.Integer>",
              "CollectionChanged[list=[1]]"),
          row(
              "array changed to another element type",
              "ArrayChanged",
              ERROR + "shop.ArrayChanged.array was written as int[] and is long[] now"),
          row(
              "enum constant added, or constants reordered",
              "ConstantAdded",
              "ConstantAdded[size=LARGE]"),
          row(
              "enum constant removed",
              "ConstantRemoved",
              ERROR + "shop.Colour has no constant RED"),
          row(
              "enum constant renamed, with its former name",
              "ConstantRenamed",
              "ConstantRenamed[level=BOTTOM]",
              "ConstantRenamed[level=DEEP]"),
          row(
              "subtype added to a sealed type",
              "SealedWidened",
              "SealedWidened[last=Opened[at=1, by=null],"
                  + " all=[Opened[at=1, by=null], Closed[why=b]]]"),
          row(
              "class of a component changed",
              "NestedChanged",
              "NestedChanged[items=[Item[count=1, unit=null, name=a],"
                  + " Item[count=2, unit=null, name=b]]]"),
          row("class changed to a record", "ClassMadeRecord", "ClassMadeRecord[id=a, count=3]"),
          row("field of a class added", "FieldAdded", "a3[]"),
          row("constructor made stricter", "Stricter", ERROR + "count is negative"),
          row(
              "enum changed to another kind of type, or the reverse",
              "EnumMadeRecord",
              ERROR + "shop.EnumMadeRecord was an enum when the value was written"));

  @TempDir static Path temp;

  private EvolvedClasses second;
  private EvolvedClasses third;

  static List<Row> rows() {
    return ROWS;
  }

  @BeforeAll
  void compile() {
    second = EvolvedClasses.compile(2, temp);
    third = EvolvedClasses.compile(3, temp);
  }

  private static KvStore<String, Object> open(Path directory, EvolvedClasses classes) {
    KryoCodec<Object> codec =
        classes.codec().defaultValue(classes.of("shop.AddedWithDefault"), "note", "none");
    return KvStore.builder(Codecs.string(), codec).directory(directory).open();
  }

  /** Returns a copy of the store that version 1 has written. */
  private Path copy(String name) throws IOException {
    Path directory = Files.createDirectories(temp.resolve(name));
    try (Stream<Path> files = Files.list(EvolvedClasses.EVOLUTION.resolve("store"))) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName()));
      }
    }
    return directory;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void oldBytesAreReadAsTheTableSays(Row row) throws IOException {
    Path directory = copy("read " + row.className());

    try (KvStore<String, Object> store = open(directory, second)) {
      assertRead(() -> store.get(row.className()), row.second());
    }
    try (KvStore<String, Object> store = open(directory, third)) {
      assertRead(() -> store.get(row.className()), row.third());
    }
  }

  private static void assertRead(Supplier<Object> read, String expected) {
    if (expected.startsWith(ERROR)) {
      assertThatThrownBy(read::get)
          .isInstanceOf(KvStoreException.class)
          .hasMessageContaining(expected.substring(ERROR.length()));
    } else {
      assertThat(read.get()).hasToString(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatTheSecondVersionHasRewrittenIsTheSameToTheThird(Row row) throws IOException {
    Path directory = copy("rewritten " + row.className());
    if (row.second().startsWith(ERROR)) {
      return;
    }
    try (KvStore<String, Object> store = open(directory, second)) {
      Object value = store.get(row.className());
      // By value, though the bytes are others now.
      assertThat(store.replace(row.className(), value, value)).isTrue();
      assertThat(store.get(row.className())).hasToString(row.second());
    }
    try (KvStore<String, Object> store = open(directory, third)) {
      assertThat(store.get(row.className())).hasToString(row.third());
    }
    try (KvStore<String, Object> store = open(directory, second)) {
      assertThat(store.get(row.className())).hasToString(row.second());
    }
  }

  @Test
  void everyChangeOfTheDocumentHasARowAndTheReverse() throws IOException {
    List<String> documented = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("../docs/evolution.md"))) {
      if (line.startsWith("| ") && !line.startsWith("| change")) {
        documented.add(line.substring(2, line.indexOf(" |", 2)));
      }
    }

    assertThat(ROWS).extracting(Row::change).containsExactlyElementsOf(documented);
  }

  @Test
  void firstVersionReadsWhatItWroteThoughOthersHaveWrittenSince() throws IOException {
    Path directory = copy("first");
    EvolvedClasses first = EvolvedClasses.compile(1, temp.resolve("again"));
    try (KvStore<String, Object> store = open(directory, third)) {
      store.put("Added", store.get("Added"));
    }

    try (KvStore<String, Object> store =
        KvStore.builder(Codecs.string(), first.codec()).directory(directory).open()) {
      Map<String, String> expected =
          EvolvedClasses.samples(first).entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, e -> text(e.getValue())));

      for (String key : expected.keySet()) {
        assertThat(text(store.get(key))).isEqualTo(expected.get(key));
      }
    }
  }

  /** Without the numbers that tell objects of one class apart. */
  private static String text(Object object) {
    Function<String, String> plain = s -> s.replaceAll("@[0-9a-f]+", "@");
    return plain.apply(String.valueOf(object));
  }

  /** Writes the store of version 1 into a directory; was run once. */
  public static void main(String[] args) throws IOException {
    EvolvedClasses first = EvolvedClasses.compile(1, Files.createTempDirectory("evolution"));
    try (KvStore<String, Object> store =
        KvStore.builder(Codecs.string(), first.codec())
            .directory(Path.of(args[0]))
            .stripes(1)
            .maxSegmentBytes(4096)
            .open()) {
      EvolvedClasses.samples(first).forEach(store::put);
    }
  }
}
