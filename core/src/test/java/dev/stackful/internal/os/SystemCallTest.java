package dev.stackful.internal.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The kernel gets the number and each argument in its place, and its answer comes back. */
@EnabledOnOs(OS.LINUX)
final class SystemCallTest {
  private static final int EBADF = 9;
  private static final int EINVAL = 22;

  @Test
  void tellsTheProcess() {
    assertEquals(ProcessHandle.current().pid(), LibC.syscall(SystemCall.GETPID));
  }

  @Test
  void takesSixArguments(@TempDir Path folder) throws Exception {
    long page = LibC.getauxval(Linux.AT_PAGESZ);
    byte[] content = new byte[Math.toIntExact(2 * page)];
    content[Math.toIntExact(page)] = 42;
    Path file = Files.write(folder.resolve("two-pages"), content);
    try (var opened = Files.newByteChannel(file, StandardOpenOption.READ)) {
      int descriptor = descriptorOf(file);
      long second =
          LibC.syscall(
              SystemCall.MMAP, 0, page, Linux.PROT_READ, Linux.MAP_PRIVATE, descriptor, page);
      assertTrue(second > 0, () -> "mmap returned " + second);
      MemorySegment mapped = MemorySegment.ofAddress(second).reinterpret(page);
      assertEquals(42, mapped.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
      assertEquals(0, LibC.syscall(SystemCall.MUNMAP, second, page));
      assertTrue(opened.isOpen());
    }
  }

  @Test
  void tellsTheErrorAsTheKernelDoes() {
    long page = LibC.getauxval(Linux.AT_PAGESZ);
    assertEquals(-EINVAL, LibC.syscall(SystemCall.MUNMAP, 1, page), "no multiple of a page");
    assertEquals(
        -EBADF, LibC.syscall(SystemCall.MMAP, 0, page, Linux.PROT_READ, Linux.MAP_PRIVATE, -1, 0));
  }

  /** By the links that the kernel shows. */
  private static int descriptorOf(Path file) throws Exception {
    try (var open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path link : open) {
        if (Files.isSymbolicLink(link)
            && Files.readSymbolicLink(link).endsWith(file.getFileName())) {
          return Integer.parseInt(link.getFileName().toString());
        }
      }
    }
    throw new AssertionError("no descriptor of " + file);
  }
}
