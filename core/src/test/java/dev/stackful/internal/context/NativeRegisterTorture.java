package dev.stackful.internal.context;

import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.VirtualMemory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * {@link RegisterTorture} for native coroutines: one routine resumes, the other runs as the
 * coroutine and calls a thunk, both with every callee-saved register full of patterns.
 */
public final class NativeRegisterTorture {
  private static final Isa ISA = Isa.current().orElseThrow();
  private static final long SEED_OF_COROUTINE = 0x9e37_79b9_7f4a_7c15L;
  private static final long SEED_OF_RESUMER = 0xc2b2_ae3d_27d4_eb4fL;
  private static final int ROUNDS_WITH_AN_ERROR = 10;

  private final Listing routines;
  private final long code;

  private NativeRegisterTorture(Listing routines, byte[] code) {
    this.routines = routines;
    this.code = VirtualMemory.mapCode(code).address();
  }

  /**
   * Runs it all.
   *
   * @param arguments how many rounds
   */
  public static void main(String[] arguments) {
    long rounds = Long.parseLong(arguments[0]);
    Listing routines = NativeRoutines.emit(ISA);
    NativeRegisterTorture intact = new NativeRegisterTorture(routines, routines.bytes());
    for (String entry : List.of(NativeRoutines.CALLBACK, NativeRoutines.YIELD_VALUE)) {
      report(entry, intact.run(entry, rounds));
    }
    for (String routine : List.of(NativeRoutines.RESUME, NativeRoutines.SUSPEND)) {
      for (Torture.Planted planted : Torture.plantErrors(ISA, routines, routine)) {
        report(
            routine + " without " + planted.register(),
            new NativeRegisterTorture(routines, planted.code())
                .run(NativeRoutines.CALLBACK, ROUNDS_WITH_AN_ERROR));
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
    NativeContext context = NativeContext.allocate(64 * 1024);
    MemorySegment slot = Thunks.takeCallback(context.address());
    slot.set(ValueLayout.JAVA_LONG, Thunks.TARGET, routine(entry));
    Torture coroutine = torture(Thunks.functionOf(slot), 0, SEED_OF_COROUTINE, 0, false);
    // Each return comes straight from the other routine, so x18 must come too.
    Torture resumer =
        torture(routine(NativeRoutines.RESUME), context.address(), SEED_OF_RESUMER, 1, true);
    coroutine.prepare(rounds);
    context.begin(coroutine.address());
    // Intact, since the first frame's registers must arrive.
    Torture first = torture(NativeSwitch.RESUME_ENTRY, context.address(), SEED_OF_RESUMER, 1, true);
    String wrongAtFirst = first.run(1);
    if (!wrongAtFirst.isEmpty()) {
      return wrongAtFirst;
    }
    for (long round = 1; round < rounds; round++) {
      String wrong = resumer.run(1);
      if (!wrong.isEmpty()) {
        return wrong;
      }
      if (event(context) == NativeContextLayout.RETURNED) {
        return coroutine.nameOf(result(context));
      }
      if (event(context) != slot.address()) {
        return "the event";
      }
    }
    first.run(1); // its last call returns, and so does the routine
    if (event(context) != NativeContextLayout.RETURNED) {
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

  private static long event(NativeContext context) {
    return context.fields().get(ValueLayout.JAVA_LONG, NativeContextLayout.EVENT);
  }

  private static long result(NativeContext context) {
    return context.fields().get(ValueLayout.JAVA_LONG, NativeContextLayout.ANSWER);
  }
}
