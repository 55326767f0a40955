package dev.stackful.internal.foreign;

import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.Torture;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.OperatingSystem;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * {@link RegisterTorture} for foreign coroutines: one routine resumes, the other runs as the
 * coroutine and calls a thunk, both with every callee-saved register full of patterns.
 */
public final class ForeignRegisterTorture {
  private static final Isa ISA = Isa.require();
  private static final long SEED_OF_COROUTINE = 0x9e37_79b9_7f4a_7c15L;
  private static final long SEED_OF_RESUMER = 0xc2b2_ae3d_27d4_eb4fL;
  private static final int ROUNDS_WITH_AN_ERROR = 10;

  private final Listing routines;
  private final long code;

  private ForeignRegisterTorture(Listing routines, byte[] code) {
    this.routines = routines;
    this.code = OperatingSystem.require().mapCode(code).address();
  }

  /**
   * Runs it all.
   *
   * @param arguments how many rounds
   */
  public static void main(String[] arguments) {
    long rounds = Long.parseLong(arguments[0]);
    Listing routines = ForeignRoutines.emit(ISA);
    ForeignRegisterTorture intact = new ForeignRegisterTorture(routines, routines.bytes());
    for (String entry :
        List.of(
            ForeignRoutines.CALLBACK,
            ForeignRoutines.CALLBACK_OF_INTEGERS,
            ForeignRoutines.YIELD_VALUE)) {
      report(entry, intact.run(entry, rounds));
    }
    for (String routine : List.of(ForeignRoutines.RESUME, ForeignRoutines.SUSPEND)) {
      for (Torture.Planted planted : Torture.plantErrors(ISA, routines, routine)) {
        report(
            routine + " without " + planted.register(),
            new ForeignRegisterTorture(routines, planted.code())
                .run(ForeignRoutines.CALLBACK, ROUNDS_WITH_AN_ERROR));
      }
    }
  }

  private static void report(String what, String firstWrongRegister) {
    System.out.println(what + ": " + (firstWrongRegister.isEmpty() ? "ok" : firstWrongRegister));
  }

  private long routine(String name) {
    return code + routines.offsetOf(name);
  }

  /**
   * So many rounds on either side. A switch that may have an error never ends in Java, but in a
   * torture routine, which has saved what Java needs.
   */
  private String run(String entry, long rounds) {
    ForeignContext context = ForeignContext.allocate(64 * 1024);
    MemorySegment slot = Thunks.takeCallback(context.address());
    slot.set(ValueLayout.JAVA_LONG, Thunks.TARGET, routine(entry));
    Torture coroutine = torture(Thunks.functionOf(slot), 0, SEED_OF_COROUTINE, 0, false);
    // Each return comes straight from the other routine, so x18 must come too.
    Torture resumer =
        torture(routine(ForeignRoutines.RESUME), context.address(), SEED_OF_RESUMER, 1, true);
    coroutine.prepare(rounds);
    context.begin(coroutine.address());
    // Intact, since the first frame's registers must arrive.
    Torture first =
        torture(ForeignSwitch.RESUME_ENTRY, context.address(), SEED_OF_RESUMER, 1, true);
    String wrongAtFirst = first.run(1);
    if (!wrongAtFirst.isEmpty()) {
      return wrongAtFirst;
    }
    for (long round = 1; round < rounds; round++) {
      String wrong = resumer.run(1);
      if (!wrong.isEmpty()) {
        return wrong;
      }
      if (event(context) == ForeignContextLayout.RETURNED) {
        return coroutine.nameOf(result(context));
      }
      if (event(context) != slot.address()) {
        return "the event";
      }
    }
    first.run(1); // its last call returns, and so does the routine
    if (event(context) != ForeignContextLayout.RETURNED) {
      return "the end";
    }
    Thunks.give(slot);
    String wrong = coroutine.nameOf(result(context));
    context.free();
    return wrong;
  }

  private static Torture torture(
      long target, long first, long seed, int fpControl, boolean platformRegister) {
    return Torture.of(
        ISA,
        new Torture.Plan(
            target, first, 0, seed, Torture.fpControl(ISA, fpControl), platformRegister));
  }

  private static long event(ForeignContext context) {
    return context.fields().get(ValueLayout.JAVA_LONG, ForeignContextLayout.EVENT);
  }

  private static long result(ForeignContext context) {
    return context.fields().get(ValueLayout.JAVA_LONG, ForeignContextLayout.ANSWER);
  }
}
