package dev.stackful.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The C library's {@code system} on a coroutine's stack, and what gdb sees of it meanwhile. */
public final class GdbWalk {
  private GdbWalk() {}

  /** Runs it, and prints the frames of the thread that is on the coroutine's stack. */
  public static void main(String[] arguments) throws Exception {
    Path output = Files.createTempFile("stackful", ".txt");
    try (Arena arena = Arena.ofConfined();
        ForeignCoroutine c = ForeignCoroutine.ofConfined()) {
      String command =
          "gdb -p %d -batch -nx -ex 'set debuginfod enabled off' -ex 'thread apply all bt 40' >%s 2>&1"
              .formatted(ProcessHandle.current().pid(), output);
      c.start(
          Linker.nativeLinker().defaultLookup().find("system").orElseThrow(),
          FunctionDescriptor.of(JAVA_INT, ADDRESS),
          arena.allocateFrom(command));
      c.resume();
      System.out.println("status " + c.result());
      boolean ours = false;
      for (String thread : Files.readString(output).split("\n\n")) {
        List<String> frames = thread.lines().filter(line -> line.startsWith("#")).toList();
        if (frames.stream().anyMatch(frame -> frame.contains("do_system"))) {
          ours = true;
          System.out.println(thread);
          System.out.println("last frame: " + frames.getLast());
        }
      }
      if (!ours) {
        System.out.println("not attached: " + Files.readString(output));
      }
    } finally {
      Files.delete(output);
    }
  }
}
