package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The format of a record, or an object of a plain class, by one schema: its components, in the
 * order of the schema. Writing requires that the class matches the schema; reading does not.
 */
final class ObjectFormat implements TypeFormat {
  private final Schema schema;
  private final @Nullable ClassModel model;
  private final ComponentFormat[] components;
  private final @Nullable Object[] defaults;
  private final String problem;

  private ObjectFormat(
      Schema schema,
      @Nullable ClassModel model,
      ComponentFormat[] components,
      @Nullable Object[] defaults,
      String problem) {
    this.schema = schema;
    this.model = model;
    this.components = components;
    this.defaults = defaults;
    this.problem = problem;
  }

  /**
   * @param model the model, null if there is no such class now
   * @param problem the message for that case
   */
  static ObjectFormat of(
      Schema schema, @Nullable ClassModel model, Registry registry, String problem) {
    List<Schema.Member> written = schema.members();
    ComponentFormat[] formats = new ComponentFormat[written.size()];
    Set<String> names = schema.names();
    for (int i = 0; i < formats.length; i++) {
      int index = model == null ? -1 : model.indexOf(written.get(i).name(), names);
      formats[i] =
          model == null || index < 0
              ? ComponentFormat.gone(written.get(i))
              : ComponentFormat.of(written.get(i), index, model, registry);
    }
    @Nullable Object[] defaults =
        model == null
            ? new Object[0]
            : model.components().stream().map(Component::ifMissing).toArray();
    return new ObjectFormat(schema, model, formats, defaults, problem);
  }

  @Override
  public int tag() {
    return schema.id();
  }

  @Override
  public void write(Encoder to, Object object) {
    if (components.length == 0) {
      to.number(0); // each object takes a byte
    }
    try {
      for (ComponentFormat component : components) {
        component.write(to, object);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException("an accessor of " + schema.className() + " failed", e);
    }
  }

  @Override
  public @Nullable Object read(Decoder from, DeclaredType target) {
    if (components.length == 0) {
      from.number();
    }
    if (target.isSkipped()) {
      for (ComponentFormat component : components) {
        component.skip(from);
      }
      return null;
    }
    if (model == null || model.kind() == Schema.Kind.TYPE) {
      throw new KvStoreException(problem);
    }
    if (!target.raw().isAssignableFrom(model.type())) {
      throw new TypeMismatch(model.type(), target);
    }
    @Nullable Object[] values = defaults.clone();
    for (ComponentFormat component : components) {
      component.read(from, values);
    }
    try {
      return model.create(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new KvStoreException("the constructor of " + model.type().getName() + " failed", e);
    }
  }
}
