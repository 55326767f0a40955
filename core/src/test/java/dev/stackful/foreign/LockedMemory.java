package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes stacks in a process whose memory is locked when it is mapped, from some time on. */
public final class LockedMemory {
  private static final int MCL_FUTURE = 2;

  /** The capability that memory may be locked without a limit (capabilities(7)). */
  private static final int CAP_IPC_LOCK = 14;

  private LockedMemory() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Throwable {
    if (!mayLockAll()) {
      System.out.println("may not lock memory");
      return;
    }
    List<ForeignCoroutine> all = new ArrayList<>();
    ForeignCoroutine.Builder builder = ForeignCoroutine.builder().stackSize(1024 * 1024);
    all.add(builder.build());
    MemorySegment mlockall = Linker.nativeLinker().defaultLookup().find("mlockall").orElseThrow();
    int refused =
        (int)
            Linker.nativeLinker()
                .downcallHandle(mlockall, FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                .invokeExact(MCL_FUTURE);
    if (refused != 0) {
      throw new AssertionError("mlockall failed");
    }
    for (int i = 0; i < 20; i++) { // more than a slab has
      all.add(builder.build());
    }
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
    String guard = "-" + Long.toHexString(all.getLast().stackLimit()) + " ---p ";
    if (maps.stream().noneMatch(line -> line.contains(guard))) {
      throw new AssertionError("no" + guard + "among\n" + String.join("\n", maps));
    }
    all.forEach(ForeignCoroutine::close);
    System.out.println("locked");
  }

  /** To call mlockall is anybody's right, but what is mapped after it fails where it is limited. */
  private static boolean mayLockAll() throws IOException {
    boolean unlimited =
        Files.readAllLines(Path.of("/proc/self/limits")).stream()
            .anyMatch(line -> line.matches("Max locked memory +unlimited .*"));
    return unlimited
        || Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
            .anyMatch(capabilities -> (capabilities >>> CAP_IPC_LOCK & 1) != 0);
  }
}
