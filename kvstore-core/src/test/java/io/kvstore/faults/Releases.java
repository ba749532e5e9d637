package io.kvstore.faults;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The release methods, which only unlock: they acquire no lock and allocate nothing. They can't run
 * out of memory, nor of stack, since their caller has been deeper when it acquired the lock; and if
 * they could fail, no code could be correct. They are found by the methods that they call, not by
 * name.
 */
final class Releases {
  private static final String LOCKS = "java/util/concurrent/locks/";
  private static final String OWN_LOCK = "io/kvstore/platform/SpinningLock";
  private static final Set<String> UNLOCKING = Set.of("unlock", "unpark", "isHeldByCurrentThread");

  private final Map<String, Calls> methods = new HashMap<>();
  private final Set<String> releasing = new HashSet<>();
  private final Set<String> acquiring = new HashSet<>();

  /** The calls of a method. */
  private static final class Calls {
    private final Set<String> called = new HashSet<>();
    private boolean allocates;
  }

  static String id(String owner, String name, String descriptor) {
    return owner + "." + name + descriptor;
  }

  /** Tells whether a call of a lock gives it back, or wakes who waits for it: neither can fail. */
  static boolean isUnlock(String owner, String name) {
    return isLockClass(owner) && (UNLOCKING.contains(name) || name.startsWith("signal"));
  }

  private static boolean isUnlockOf(String id) {
    return isLockClass(id) && id.contains(".unlock(");
  }

  private static boolean isLock(String id) {
    return isLockClass(id) && (id.contains(".lock") || id.contains(".tryLock"));
  }

  /** The JDK's locks, and the store's own, which is let go of by one assignment. */
  private static boolean isLockClass(String id) {
    return id.startsWith(LOCKS) || id.startsWith(OWN_LOCK);
  }

  void read(ClassReader reader) {
    String owner = reader.getClassName();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            Calls calls = new Calls();
            methods.put(id(owner, name, descriptor), calls);
            return reading(calls);
          }
        },
        ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
  }

  private static MethodVisitor reading(Calls calls) {
    return new MethodVisitor(Opcodes.ASM9) {
      @Override
      public void visitMethodInsn(int op, String owner, String name, String type, boolean itf) {
        calls.called.add(id(owner, name, type));
      }

      @Override
      public void visitTypeInsn(int op, String type) {
        calls.allocates |= op == Opcodes.NEW || op == Opcodes.ANEWARRAY;
      }

      @Override
      public void visitIntInsn(int op, int operand) {
        calls.allocates |= op == Opcodes.NEWARRAY;
      }

      @Override
      public void visitInvokeDynamicInsn(
          String name, String type, org.objectweb.asm.Handle handle, Object... arguments) {
        calls.allocates = true;
      }
    };
  }

  /** Finds them, once all classes have been read. */
  void conclude() {
    int before = -1;
    while (before != releasing.size() + acquiring.size()) {
      before = releasing.size() + acquiring.size();
      methods.forEach(this::conclude);
    }
    releasing.removeAll(acquiring);
  }

  private void conclude(String method, Calls calls) {
    boolean locks = calls.called.stream().anyMatch(c -> isLock(c) || acquiring.contains(c));
    boolean unlocks = calls.called.stream().anyMatch(c -> isUnlockOf(c) || releasing.contains(c));
    if (locks) {
      acquiring.add(method);
    } else if (unlocks && !calls.allocates) {
      releasing.add(method);
    }
  }

  /** Tells whether a method is one; each that closes something is too, as far as its beginning. */
  boolean contains(String owner, String name, String descriptor) {
    return name.equals("close")
        || (owner.startsWith(OWN_LOCK) && UNLOCKING.contains(name))
        || releasing.contains(id(owner, name, descriptor));
  }
}
