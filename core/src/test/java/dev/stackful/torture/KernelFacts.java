package dev.stackful.torture;

import dev.stackful.Coroutine;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What the kernel and the C library believe about a thread that another kernel thread runs. */
@SuppressWarnings("WaitNotInLoop") // a return for no reason would do as well
public final class KernelFacts {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SCHED_GETCPU =
      function("sched_getcpu", FunctionDescriptor.of(ValueLayout.JAVA_INT));
  private static final MethodHandle GETCPU =
      function(
          "getcpu",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
  private static final MethodHandle SCHED_SETAFFINITY =
      function(
          "sched_setaffinity",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS));
  private static final MethodHandle SCHED_GETAFFINITY =
      function(
          "sched_getaffinity",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS));
  private static final MethodHandle FESETROUND =
      function("fesetround", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle FEGETROUND =
      function("fegetround", FunctionDescriptor.of(ValueLayout.JAVA_INT));

  private static final int CPU_SET_BYTES = 128;

  /** FE_UPWARD of x86-64 and of AArch64. */
  private static final int UPWARD =
      System.getProperty("os.arch").equals("aarch64") ? 0x400000 : 0x800;

  private KernelFacts() {}

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    MemorySegment address =
        LINKER.defaultLookup().find(name).or(() -> mathLibrary(name)).orElseThrow();
    return LINKER.downcallHandle(address, descriptor);
  }

  private static java.util.Optional<MemorySegment> mathLibrary(String name) {
    return java.lang.foreign.SymbolLookup.libraryLookup("libm.so.6", Arena.global()).find(name);
  }

  /** Runs them all. */
  public static void main(String[] arguments) throws Exception {
    Check.scenario("the processor's number", KernelFacts::processorNumber);
    Check.scenario("the rounding mode", KernelFacts::roundingMode);
    Check.scenario("blocking in Java", KernelFacts::blocking);
  }

  /**
   * Moves the resumer from processor to processor. The restartable-sequence area of the coroutine's
   * own kernel thread says where that one slept; sched_getcpu would believe it, were it registered.
   */
  private static void processorNumber() throws Exception {
    List<Integer> processors = allowedProcessors();
    try (Coroutine<Object, int[]> c =
        Coroutine.of(
            (self, first) -> {
              while (true) {
                self.yield(new int[] {schedGetcpu(), kernelsNumber()});
              }
            })) {
      for (int i = 0; i < 10; i++) {
        for (int processor : processors) {
          moveTo(processor);
          int[] seen = c.resume("");
          Check.equal(processor, seen[1], "getcpu in the coroutine");
          Check.equal(processor, seen[0], "sched_getcpu in the coroutine");
          Check.equal(processor, schedGetcpu(), "sched_getcpu in the resumer");
        }
      }
    }
  }

  private static int schedGetcpu() {
    try {
      return (int) SCHED_GETCPU.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private static int kernelsNumber() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
      int result = (int) GETCPU.invokeExact(number, MemorySegment.NULL);
      Check.equal(0, result, "getcpu");
      return number.get(ValueLayout.JAVA_INT, 0);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private static List<Integer> allowedProcessors() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(CPU_SET_BYTES);
      int result = (int) SCHED_GETAFFINITY.invokeExact(0, (long) CPU_SET_BYTES, set);
      Check.that(result >= 0, "sched_getaffinity");
      List<Integer> processors = new ArrayList<>();
      for (int i = 0; i < 8 * CPU_SET_BYTES; i++) {
        if ((set.get(ValueLayout.JAVA_BYTE, i / 8) >> (i % 8) & 1) != 0) {
          processors.add(i);
        }
      }
      return processors;
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** The calling kernel thread runs there alone from now on. */
  private static void moveTo(int processor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment set = arena.allocate(CPU_SET_BYTES);
      set.set(ValueLayout.JAVA_BYTE, processor / 8, (byte) (1 << (processor % 8)));
      int result = (int) SCHED_SETAFFINITY.invokeExact(0, (long) CPU_SET_BYTES, set);
      Check.equal(0, result, "sched_setaffinity");
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** Java itself wants the mode that it started with, so each side looks and puts it back. */
  private static void roundingMode() {
    int ours = rounding();
    Coroutine<Object, Integer> c =
        Coroutine.of(
            (self, first) -> {
              setRounding(UPWARD);
              self.yield(0);
              int after = rounding();
              setRounding(ours);
              return after;
            });
    for (int i = 0; i < 3; i++) {
      Coroutine<Object, Integer> other = Coroutine.of((self, first) -> rounding());
      Check.equal(ours, other.resume(""), "a new coroutine's rounding mode");
    }
    c.resume("");
    Check.equal(ours, rounding(), "the resumer's rounding mode");
    Check.equal(UPWARD, c.resume(""), "the coroutine's rounding mode, after a yield");
    Check.equal(ours, rounding(), "the resumer's rounding mode at the end");
  }

  private static int rounding() {
    try {
      return (int) FEGETROUND.invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private static void setRounding(int mode) {
    try {
      int result = (int) FESETROUND.invokeExact(mode);
      Check.equal(0, result, "fesetround");
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private static void blocking() {
    Object monitor = new Object();
    Coroutine<Object, String> c =
        Coroutine.of(
            (self, first) -> {
              long start = System.nanoTime();
              Thread.sleep(5);
              synchronized (monitor) {
                monitor.wait(5);
              }
              LockSupport.parkNanos(1_000_000);
              Check.that(System.nanoTime() - start >= 10_000_000, "slept and waited too little");
              self.yield("timed out");
              Thread body = Thread.currentThread();
              Thread helper = Thread.ofPlatform().start(() -> LockSupport.unpark(body));
              LockSupport.park();
              helper.join();
              Thread notifier;
              synchronized (monitor) {
                notifier =
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              synchronized (monitor) {
                                monitor.notifyAll();
                              }
                            });
                monitor.wait();
              }
              notifier.join();
              self.yield("unparked, notified and joined");
              Thread interrupter = Thread.ofPlatform().start(body::interrupt);
              Check.thrownBy(InterruptedException.class, () -> Thread.sleep(1_000_000));
              interrupter.join();
              self.yield("interrupted");
              Process process = new ProcessBuilder("cat").start();
              process.outputWriter().append("through a pipe\n").close();
              String line = process.inputReader().readLine();
              Check.equal(0, process.waitFor(), "the process's exit status");
              return line;
            });
    Check.equal("timed out", c.resume(""), "");
    Check.equal("unparked, notified and joined", c.resume(""), "");
    Check.equal("interrupted", c.resume(""), "");
    Check.equal("through a pipe", c.resume(""), "");
  }
}
