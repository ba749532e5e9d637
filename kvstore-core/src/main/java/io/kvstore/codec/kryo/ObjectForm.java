package io.kvstore.codec.kryo;

import io.kvstore.KvStoreException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A record, or an object of a plain class, by one schema: its components, in the order of the
 * schema. It writes if the class is what the schema says, and reads in any case.
 */
final class ObjectForm implements Form {
  private final Schema schema;
  private final @Nullable Shape shape;
  private final ComponentForm[] components;
  private final @Nullable Object[] defaults;
  private final String problem;

  private ObjectForm(
      Schema schema,
      @Nullable Shape shape,
      ComponentForm[] components,
      @Nullable Object[] defaults,
      String problem) {
    this.schema = schema;
    this.shape = shape;
    this.components = components;
    this.defaults = defaults;
    this.problem = problem;
  }

  /**
   * @param shape null if there is no such class now
   * @param problem what to say then
   */
  static ObjectForm of(Schema schema, @Nullable Shape shape, Registry registry, String problem) {
    List<Schema.Member> written = schema.members();
    ComponentForm[] forms = new ComponentForm[written.size()];
    Set<String> names = schema.names();
    for (int i = 0; i < forms.length; i++) {
      int index = shape == null ? -1 : shape.indexOf(written.get(i).name(), names);
      forms[i] =
          shape == null || index < 0
              ? ComponentForm.gone(written.get(i))
              : ComponentForm.of(written.get(i), index, shape, registry);
    }
    @Nullable Object[] defaults =
        shape == null
            ? new Object[0]
            : shape.components().stream().map(Component::ifMissing).toArray();
    return new ObjectForm(schema, shape, forms, defaults, problem);
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
      for (ComponentForm component : components) {
        component.write(to, object);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException("an accessor of " + schema.className() + " failed", e);
    }
  }

  @Override
  public @Nullable Object read(Decoder from, Target target) {
    if (components.length == 0) {
      from.number();
    }
    if (target.isSkipped()) {
      for (ComponentForm component : components) {
        component.skip(from);
      }
      return null;
    }
    if (shape == null || shape.kind() == Schema.Kind.TYPE) {
      throw new KvStoreException(problem);
    }
    if (!target.raw().isAssignableFrom(shape.type())) {
      throw new Misfit(shape.type(), target);
    }
    @Nullable Object[] values = defaults.clone();
    for (ComponentForm component : components) {
      component.read(from, values);
    }
    try {
      return shape.create(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new KvStoreException("the constructor of " + shape.type().getName() + " failed", e);
    }
  }
}
