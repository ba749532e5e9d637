package io.kvstore.faults.script;

import io.kvstore.codec.Codec;
import io.kvstore.codec.Codecs;
import java.util.function.Function;

/**
 * The form of the values of a store, each of which represents a text.
 *
 * @param <V> the type of the values
 */
record Form<V>(Codec<V> codec, Function<String, V> of, Function<V, String> text) {
  /** A value of a class of its own. */
  record Plain(String text) {}

  /** A value that refers to others, of a class whose first value is written during the script. */
  record Halves(Plain left, Plain right) {}

  static Form<String> strings() {
    return new Form<>(Codecs.string(), text -> text, value -> value);
  }

  /** Objects of several classes, whose schemas are the store's. */
  static Form<Object> objects() {
    return new Form<>(
        Codecs.kryo(Object.class, Plain.class, Halves.class), Form::object, Form::textOf);
  }

  private static Object object(String text) {
    int middle = text.length() / 2;
    return text.startsWith("p") || text.startsWith("old")
        ? new Plain(text)
        : new Halves(new Plain(text.substring(0, middle)), new Plain(text.substring(middle)));
  }

  private static String textOf(Object object) {
    return object instanceof Halves halves
        ? halves.left().text() + halves.right().text()
        : ((Plain) object).text();
  }
}
