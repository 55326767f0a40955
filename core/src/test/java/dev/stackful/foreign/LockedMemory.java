package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.JAVA_INT;

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

  private LockedMemory() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Throwable {
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
      System.out.println("may not lock memory");
      return;
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
}
