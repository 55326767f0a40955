package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.CoroutineLimitException;
import dev.stackful.internal.os.ProcessMaps;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The system gives no more stacks. The argument says why: "mappings", "threads" or "address-space".
 *
 * <p>"mappings" first takes most of what vm.max_map_count allows for itself, as 30,000 stacks take
 * a while; "all-mappings" takes it all in stacks.
 */
public final class LimitReached {
  private static final int LIVE = 200;

  /** What the library keeps for the JVM, and what is left for stacks. */
  private static final long MAPPINGS_LEFT = 4096 + 256 + 2 * 1_000;

  private static final int PROT_NONE = 0;
  private static final int PROT_READ = 1;
  private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x4022;
  private static final int RLIMIT_NPROC = 6;
  private static final int RLIMIT_AS = 9;
  private static final long ADDRESS_SPACE_LEFT = 256L << 20;
  private static final int NOBODY = 65534;

  private LimitReached() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    List<Coroutine<Integer, Integer>> live = new ArrayList<>();
    for (int i = 0; i < LIVE; i++) {
      start(live);
    }
    String limit =
        switch (arguments[0]) {
          case "mappings" -> {
            useUpMappings();
            yield "vm.max_map_count";
          }
          case "all-mappings" -> "vm.max_map_count";
          case "threads" -> {
            allowNoMoreThreads();
            yield "ulimit -u";
          }
          case "address-space" -> {
            allowNoMoreAddressSpace();
            yield "ulimit -v";
          }
          default -> throw new IllegalArgumentException(arguments[0]);
        };
    Coroutine<Integer, Integer> refused = null;
    CoroutineLimitException refusal = null;
    while (refused == null) {
      Coroutine<Integer, Integer> c = counter();
      try {
        Check.equal(1, c.resume(1), "the first yield");
        live.add(c);
      } catch (CoroutineLimitException e) {
        refused = c;
        refusal = e;
      }
    }
    System.out.println(live.size() + " live, then: " + refusal.getMessage());
    Check.that(refusal.getMessage().contains(limit), "does not name " + limit);
    Check.equal(Coroutine.State.NEW, refused.state(), "the refused coroutine's state");
    Coroutine<Integer, Integer> again = refused;
    Check.thrownBy(CoroutineLimitException.class, () -> again.resume(1));
    for (Coroutine<Integer, Integer> c : live) {
      Check.equal(3, c.resume(2), "the second yield of a live one");
    }
    for (Coroutine<Integer, Integer> c : live.subList(0, LIVE / 2)) {
      c.close();
    }
    // The threads of closed coroutines may still be ending, where each has one of its own.
    Check.await("the refused coroutine's first yield", () -> starts(again));
    for (int i = 1; i < LIVE / 2; i++) {
      Coroutine<Integer, Integer> c = counter();
      Check.await("the first yield of another", () -> starts(c));
      live.add(c);
    }
    Coroutine<Integer, Integer> last = counter();
    live.clear();
    // All dropped: the library finds them, though no thread can be started to unwind them.
    Check.await("a dropped coroutine's stack serves again", () -> starts(last));
    System.out.println("ok");
  }

  private static Coroutine<Integer, Integer> counter() {
    return Coroutine.of(
        (self, first) -> {
          int sum = first;
          while (true) {
            sum += self.yield(sum);
          }
        });
  }

  private static boolean starts(Coroutine<Integer, Integer> c) {
    try {
      return c.resume(1) == 1;
    } catch (CoroutineLimitException e) {
      return false;
    }
  }

  private static void start(List<Coroutine<Integer, Integer>> live) {
    Coroutine<Integer, Integer> c = counter();
    Check.equal(1, c.resume(1), "the first yield");
    live.add(c);
  }

  /** Maps memory of which every other page has another protection. */
  private static void useUpMappings() throws IOException {
    long most = Long.parseLong(firstLine("/proc/sys/vm/max_map_count"));
    long wanted = most - ProcessMaps.count().orElseThrow() - MAPPINGS_LEFT;
    long page = 64 * 1024; // of any architecture
    MethodHandle mmap =
        function(
            "mmap",
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG));
    MethodHandle mprotect =
        function(
            "mprotect",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    try {
      long address =
          (long)
              mmap.invokeExact(
                  0L, wanted * page, PROT_NONE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0L);
      Check.that(address != -1, "mmap failed");
      for (long i = 1; i < wanted; i += 2) {
        int result = (int) mprotect.invokeExact(address + i * page, page, PROT_READ);
        Check.equal(0, result, "mprotect");
      }
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /**
   * Lowers RLIMIT_NPROC to nothing, which binds ordinary users only. So root becomes nobody first:
   * glibc's setuid has every thread take part, the parked kernel threads too.
   */
  private static void allowNoMoreThreads() throws Exception {
    boolean root = userIds().contains("0");
    if (root) {
      int result = call(function("setuid", INT_OF_INT), NOBODY);
      Check.equal(0, result, "setuid");
      Check.equal(List.of(Integer.toString(NOBODY)), userIds(), "the users of all threads");
    }
    setLimit(RLIMIT_NPROC, 0);
  }

  /** Leaves room for so many more stacks, and for what the JVM itself maps meanwhile. */
  static void allowNoMoreAddressSpace() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String size = lines.filter(line -> line.startsWith("VmSize:")).findFirst().orElseThrow();
      setLimit(RLIMIT_AS, (Long.parseLong(size.split("\\s+")[1]) << 10) + ADDRESS_SPACE_LEFT);
    }
  }

  private static void setLimit(int resource, long most) {
    MethodHandle setrlimit =
        function(
            "setrlimit",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      // struct rlimit: the soft limit and the hard one.
      MemorySegment limit = arena.allocateFrom(ValueLayout.JAVA_LONG, most, most);
      int result = (int) setrlimit.invokeExact(resource, limit);
      Check.equal(0, result, "setrlimit");
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  private static final FunctionDescriptor INT_OF_INT =
      FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

  private static int call(MethodHandle function, int argument) {
    try {
      return (int) function.invokeExact(argument);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** The effective user of every kernel thread of this process, each once. */
  private static List<String> userIds() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
      return tasks.map(LimitReached::userId).distinct().toList();
    }
  }

  private static String userId(Path task) {
    try (Stream<String> lines = Files.lines(task.resolve("status"))) {
      String uids = lines.filter(line -> line.startsWith("Uid:")).findFirst().orElseThrow();
      return uids.split("\\s+")[2];
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String firstLine(String file) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines.findFirst().orElseThrow();
    }
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), descriptor);
  }
}
