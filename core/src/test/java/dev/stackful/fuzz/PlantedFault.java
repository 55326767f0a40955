package dev.stackful.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Something that the library forgets to do, by which the fuzzer is tried: would it find that? */
enum PlantedFault {
  /** A resume can't see that who comes back is another coroutine. */
  TURN_NOT_HANDED_OVER(Subject.COROUTINES, "dev.stackful.CoroutineCore", "handOver", "holder"),

  /** Who transferred is never suspended. */
  PREDECESSOR_NOT_PUBLISHED(
      Subject.COROUTINES, "dev.stackful.CoroutineCore", "arrive", "setRelease"),

  /** Who resumes another isn't NORMAL meanwhile. */
  RESUMER_NOT_MARKED(Subject.COROUTINES, "dev.stackful.CoroutineCore", "turn", "setOpaque"),

  /** A body that is being closed may yield. */
  UNWINDING_FORGOTTEN(Subject.COROUTINES, "dev.stackful.CoroutineCore", "arrive", "unwinds"),

  /** An iteration goes on after its close. */
  CLOSED_ITERATION_GOES_ON(Subject.GENERATORS, "dev.stackful.GeneratorIterator", "close", "ended"),

  /** A body's exception is lost. */
  FAILURE_LOST(Subject.GENERATORS, "dev.stackful.GeneratorIterator", "fill", "failure"),

  /** A cancellation is thrown for ever. */
  CANCELLATION_REPEATED(
      Subject.FIBERS, "dev.stackful.internal.fiber.FiberCore", "takeInterruption", "interruption"),

  /** A mutex that is unlocked goes to nobody, and stays locked. */
  MUTEX_NOT_HANDED_OVER(Subject.FIBERS, "dev.stackful.fiber.Mutex", "handOver", "owner"),

  /** An answer serves for the next call of a callback as well. */
  ANSWER_REPEATED(Subject.FOREIGN, "dev.stackful.foreign.ForeignCoroutine", "stopped", "answered");

  final Subject subject;
  private final String type;
  private final String method;

  /** The field whose writes, or the method whose calls, are left out. */
  private final String member;

  PlantedFault(Subject subject, String type, String method, String member) {
    this.subject = subject;
    this.type = type;
    this.method = method;
    this.member = member;
  }

  /** Writes the class that has the fault into a folder, for the beginning of a class path. */
  void plant(Path folder) throws IOException {
    String file = type.replace('.', '/') + ".class";
    byte[] sound;
    try (InputStream in = PlantedFault.class.getClassLoader().getResourceAsStream(file)) {
      sound = in.readAllBytes();
    }
    AtomicInteger planted = new AtomicInteger();
    ClassFile classes = ClassFile.of();
    byte[] faulty =
        classes.transformClass(
            classes.parse(sound),
            ClassTransform.transformingMethodBodies(
                candidate -> candidate.methodName().equalsString(method),
                (builder, element) -> {
                  if (leavesOut(builder, element)) {
                    planted.incrementAndGet();
                  } else {
                    builder.with(element);
                  }
                }));
    if (planted.get() == 0) {
      throw new AssertionError(
          "%s: %s.%s has no write or call of %s any more: leave out something else"
              .formatted(this, type, method, member));
    }
    Path target = folder.resolve(file);
    Files.createDirectories(target.getParent());
    Files.write(target, faulty);
  }

  /** Writes what is to stand for an instruction, if it is one that is left out. */
  private boolean leavesOut(CodeBuilder builder, CodeElement element) {
    if (element instanceof FieldInstruction write
        && write.opcode() == Opcode.PUTFIELD
        && write.name().equalsString(member)) {
      pop(builder, ClassDesc.ofDescriptor(write.type().stringValue()));
      builder.pop();
      return true;
    }
    if (element instanceof InvokeInstruction call
        && call.name().equalsString(member)
        && call.typeSymbol().returnType().equals(ConstantDescs.CD_void)) {
      MethodTypeDesc signature = call.typeSymbol();
      for (ClassDesc parameter : signature.parameterList().reversed()) {
        pop(builder, parameter);
      }
      builder.pop(); // the object that the method is called of
      return true;
    }
    return false;
  }

  private static void pop(CodeBuilder builder, ClassDesc type) {
    if (TypeKind.from(type).slotSize() == 2) {
      builder.pop2();
    } else {
      builder.pop();
    }
  }
}
