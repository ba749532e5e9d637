package io.kvstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Checks on the class files that the engine has no lambda, no method reference and no string
 * concatenation that is linked at its first use: where memory is short at that moment, the JVM may
 * remember the failure, and the call site throws it for ever.
 *
 * <p>The methods {@code equals}, {@code hashCode} and {@code toString} of records are linked as
 * well; that they are not used in the middle of the work is checked by {@code FirstUseTest}.
 */
class CallSitesTest {
  /** What may have lambdas, and why. */
  private static final List<String> EXEMPT =
      List.of(
          "io/kvstore/codec/kryo/", // links where a class is encoded for the first time
          "io/kvstore/repair/", // reads a closed store, and is called by hand
          "io/kvstore/StoreRepair"); // likewise

  @Test
  void theEngineLinksNothingAtItsFirstUse() throws IOException, URISyntaxException {
    Path classes =
        Path.of(KvStore.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> linked = new TreeSet<>();
    Set<String> exempt = new TreeSet<>();

    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        String name = classes.relativize(file).toString().replace('\\', '/');
        addCallSites(file, EXEMPT.stream().anyMatch(name::startsWith) ? exempt : linked);
      }
    }

    assertThat(linked).isEmpty();
    assertThat(exempt).as("call sites that are found").isNotEmpty();
  }

  private static void addCallSites(Path file, Set<String> to) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      ClassReader reader = new ClassReader(bytes);
      reader.accept(new CallSites(reader.getClassName(), to), ClassReader.SKIP_DEBUG);
    }
  }

  /** The visitor of a class that collects its methods with call sites. */
  private static final class CallSites extends ClassVisitor {
    private final String type;
    private final Set<String> found;

    CallSites(String type, Set<String> found) {
      super(Opcodes.ASM9);
      this.type = type;
      this.found = found;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String method, String descriptor, String signature, String[] exceptions) {
      return new MethodVisitor(Opcodes.ASM9) {
        @Override
        public void visitInvokeDynamicInsn(
            String name, String of, Handle bootstrap, Object... arguments) {
          if (!bootstrap.getOwner().equals("java/lang/runtime/ObjectMethods")) {
            found.add(type + "." + method);
          }
        }
      };
    }
  }
}
