package io.kvstore.faults;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The bytecode transformer: inserts a call of {@link FaultPoints#hit} at the start of a method, at
 * allocations, and before calls of code that is not the store's. Class initializers are not
 * transformed: a failure there is permanent for the JVM.
 */
final class StepInserter extends ClassVisitor {
  private static final String OURS = "io/kvstore/";
  private static final String POINTS = FaultPoints.class.getName().replace('.', '/');

  /** What others' code can be called without an allocation and without going deeper. */
  private static final Set<String> LEAVES =
      Set.of(
          "java/lang/Math",
          "java/lang/Integer.bitCount",
          "java/lang/System.nanoTime",
          "java/lang/Thread.onSpinWait",
          "java/lang/Thread.currentThread",
          "java/lang/invoke/VarHandle",
          "java/util/concurrent/atomic/AtomicInteger",
          "java/util/concurrent/atomic/AtomicLong",
          "java/util/concurrent/atomic/AtomicBoolean",
          "java/util/concurrent/atomic/AtomicReference");

  private static final int FREE = Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE;

  private final List<Step> steps;
  private final Releases releases;
  private String owner = "";

  StepInserter(ClassVisitor next, List<Step> steps, Releases releases) {
    super(Opcodes.ASM9, next);
    this.steps = steps;
    this.releases = releases;
  }

  @Override
  public void visit(
      int version, int access, String name, String signature, String base, String[] interfaces) {
    owner = name;
    super.visit(version, access, name, signature, base, interfaces);
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
    if ((access & FREE) != 0 || name.equals("<clinit>")) {
      return next;
    }
    String shown = owner.substring(OURS.length()).replace('/', '.') + "." + name;
    return new Method(next, shown, !releases.contains(owner, name, descriptor));
  }

  /** The transformer of one method. */
  private final class Method extends MethodVisitor {
    private final String name;
    private final boolean canFail;
    private int line;

    /** The number of the step at which the method begins, until its line is known. */
    private int entry = -1;

    Method(MethodVisitor next, String name, boolean canFail) {
      super(Opcodes.ASM9, next);
      this.name = name;
      this.canFail = canFail;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      if (canFail) {
        entry = steps.size();
        step(Step.Kind.ENTRY, null);
      }
    }

    @Override
    public void visitLineNumber(int number, Label start) {
      line = number;
      if (entry >= 0) {
        steps.set(entry, new Step(name, line, Step.Kind.ENTRY, null));
        entry = -1;
      }
      super.visitLineNumber(number, start);
    }

    @Override
    public void visitTypeInsn(int op, String type) {
      if (op == Opcodes.ANEWARRAY) {
        step(Step.Kind.ALLOCATION, type + "[]");
      }
      super.visitTypeInsn(op, type);
      if (op == Opcodes.NEW) {
        // Behind it: the frames name the instruction by the label in front.
        step(Step.Kind.ALLOCATION, type);
      }
    }

    @Override
    public void visitIntInsn(int op, int operand) {
      if (op == Opcodes.NEWARRAY) {
        step(Step.Kind.ALLOCATION, "array");
      }
      super.visitIntInsn(op, operand);
    }

    @Override
    public void visitMultiANewArrayInsn(String type, int dimensions) {
      step(Step.Kind.ALLOCATION, type);
      super.visitMultiANewArrayInsn(type, dimensions);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String called, String type, Handle handle, Object... arguments) {
      step(Step.Kind.ALLOCATION, "lambda");
      super.visitInvokeDynamicInsn(called, type, handle, arguments);
    }

    @Override
    public void visitMethodInsn(int op, String on, String called, String type, boolean itf) {
      boolean constructor = called.equals("<init>");
      if (called.equals("clone") && on.startsWith("[")) {
        step(Step.Kind.ALLOCATION, "clone");
      } else if (!constructor && !on.startsWith(OURS) && !isLeaf(on, called)) {
        step(Step.Kind.CALL, on.substring(on.lastIndexOf('/') + 1) + "." + called);
      }
      super.visitMethodInsn(op, on, called, type, itf);
    }

    private boolean isLeaf(String on, String called) {
      return Releases.isUnlock(on, called)
          || LEAVES.contains(on)
          || LEAVES.contains(on + "." + called);
    }

    private void step(Step.Kind kind, @Nullable String detail) {
      if (!canFail && kind == Step.Kind.ENTRY) {
        return;
      }
      int number = steps.size();
      steps.add(new Step(name, line, kind, detail));
      super.visitLdcInsn(number);
      super.visitMethodInsn(Opcodes.INVOKESTATIC, POINTS, "hit", "(I)V", false);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      super.visitMaxs(maxStack + 1, maxLocals);
    }
  }
}
