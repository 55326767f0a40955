package dev.stackful.internal.context;

import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.frame.Torture;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.OperatingSystem;
import dev.stackful.internal.os.RestartableSequence;
import dev.stackful.internal.os.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Has the real routines called with every callee-saved register full of patterns, from both sides
 * of a switch at once, and prints what came back wrong. Then does the same with each register in
 * turn left out of the switch, to see that the torture would have found it.
 */
public final class RegisterTorture {
  private static final Isa ISA = Isa.require();
  private static final long SEED_OF_STACK = 0x9e37_79b9_7f4a_7c15L;
  private static final long SEED_OF_RESUMER = 0xc2b2_ae3d_27d4_eb4fL;

  /** Under an emulator /proc shows what the emulator blocks. */
  private static final boolean EMULATED = System.getenv("STACKFUL_JAVA") != null;

  /** While a thread waits for signals the kernel shows them as not blocked. */
  private static final long WAITED_FOR = Signals.setOf(Signals.suspendResume(), Signals.NIO_WAKEUP);

  /** SIGKILL and SIGSTOP, which nobody can block, and glibc's own. */
  private static final long NEVER_BLOCKED = Signals.setOf(9, 19, Signals.SETXID);

  private final Listing routines;
  private final long code;

  private RegisterTorture(Listing routines, byte[] code) {
    this.routines = routines;
    this.code = OperatingSystem.require().mapCode(code).address();
  }

  /**
   * Runs it all.
   *
   * @param arguments how many rounds
   */
  public static void main(String[] arguments) throws Exception {
    long rounds = Long.parseLong(arguments[0]);
    Listing routines =
        Routines.emit(ISA, Signals.suspendResume(), OptionalInt.empty(), RecentSwitches.map());
    RegisterTorture intact = new RegisterTorture(routines, routines.bytes());
    report("switch", intact.pingPong(rounds));
    report("park and wake", intact.parkAndWake(rounds / 10));
    for (Torture.Planted planted : Torture.plantErrors(ISA, routines, Routines.SWITCH)) {
      report(
          "without " + planted.register(),
          new RegisterTorture(routines, planted.code()).pingPong(10));
    }
  }

  private static void report(String what, String firstWrongRegister) {
    System.out.println(what + ": " + (firstWrongRegister.isEmpty() ? "ok" : firstWrongRegister));
  }

  private Torture torture(
      String routine, long first, long second, long seed, int fpControl, boolean platformRegister) {
    return Torture.of(
        ISA,
        new Torture.Plan(
            code + routines.offsetOf(routine),
            first,
            second,
            seed,
            Torture.fpControl(ISA, fpControl),
            platformRegister));
  }

  /**
   * A thread's stack, and whoever runs it, both in a torture routine, switch to each other. A
   * switch that may have an error never ends in Java, but in a torture routine, which has saved
   * what Java needs.
   */
  private String pingPong(long rounds) throws InterruptedException {
    StackContext context = StackContext.allocate(1);
    long own = context.address();
    long root = context.rootAddress();
    Torture parking = torture(Routines.PARK, own, 0, SEED_OF_STACK, 2, false);
    Torture stack = torture(Routines.SWITCH, own, root, SEED_OF_STACK, 0, false);
    Torture first = torture(Routines.SWITCH_FROM_NEW_THREAD, root, own, SEED_OF_RESUMER, 2, false);
    // Every switch that returns here comes straight from the other routine, so x18 must come too.
    Torture resumer = torture(Routines.SWITCH, root, own, SEED_OF_RESUMER, 1, true);
    Findings findings = new Findings();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  RestartableSequence.unregister(ContextSwitch.threadPointer());
                  findings.add(parking.run(1)); // ends by the first switch
                  findings.add(stack.run(rounds));
                  while (!findings.complete) {
                    findings.add(stack.run(1));
                  }
                  findings.over = true;
                  ContextSwitch.switchContext(own, root);
                  context.free();
                });
    context.awaitParked(thread);
    findings.add(first.run(1));
    findings.add(resumer.run(rounds));
    findings.complete = true;
    while (!findings.over) {
      resumer.run(1);
    }
    context.wake();
    thread.join();
    return findings.earliest;
  }

  /** What both sides found; they run in turn, so nothing here needs more than program order. */
  private static final class Findings {
    private String earliest = "";
    private boolean complete;
    private boolean over;

    void add(String wrongRegister) {
      if (earliest.isEmpty()) {
        earliest = wrongRegister;
      }
    }
  }

  /** A thread parks, another wakes it and it goes on by itself. */
  private String parkAndWake(long rounds) throws Exception {
    StackContext context = StackContext.allocate(1);
    Torture parking = torture(Routines.PARK, context.address(), 0, SEED_OF_STACK, 0, false);
    String[] found = {""};
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  RestartableSequence.unregister(ContextSwitch.threadPointer());
                  long before = signalMask("thread-self");
                  found[0] = parking.run(rounds);
                  long after = signalMask("thread-self");
                  if (found[0].isEmpty() && before != after) {
                    found[0] = "the signal mask: %x before and %x after".formatted(before, after);
                  }
                });
    for (long left = rounds; left > 0 && thread.isAlive(); left--) {
      context.awaitParked(thread);
      if (left == rounds && !EMULATED) {
        int tid =
            MemorySegment.ofAddress(context.address() + ContextLayout.OWN_TID)
                .reinterpret(Integer.BYTES)
                .get(ValueLayout.JAVA_INT, 0);
        long parked = signalMask("self/task/" + tid);
        if ((parked | WAITED_FOR) != ~NEVER_BLOCKED) {
          return "the signal mask of a parked thread: %x".formatted(parked);
        }
      }
      context.wake();
      while (parking.roundsLeft() == left && thread.isAlive()) {
        Thread.onSpinWait();
      }
    }
    thread.join();
    context.free();
    return found[0];
  }

  /** The signals that a thread blocks, from its status file (proc_pid_status(5)). */
  private static long signalMask(String thread) {
    try (Stream<String> lines = Files.lines(Path.of("/proc", thread, "status"))) {
      String mask = lines.filter(line -> line.startsWith("SigBlk:")).findFirst().orElseThrow();
      return Long.parseUnsignedLong(mask.substring("SigBlk:".length()).strip(), 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
