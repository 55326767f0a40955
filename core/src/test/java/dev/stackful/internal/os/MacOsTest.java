package dev.stackful.internal.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What can be said about macOS without a Mac: which calls are made, in which order and with which
 * of Apple's constants; and that the functions are linked as they are declared, as the C library
 * here has all of them but one, with other numbers for the constants.
 */
final class MacOsTest {
  /** Writes down the calls, and does nothing. */
  private static final class Recorded implements MacOs.Calls {
    private final List<String> calls = new ArrayList<>();
    private int result;

    @Override
    public long mmap(long sizeBytes, int protection, int flags) {
      calls.add("mmap %d %#x %#x".formatted(sizeBytes, protection, flags));
      return result == 0 ? 0x1_0000_0000L : result;
    }

    @Override
    public int mprotect(long address, long sizeBytes, int protection) {
      calls.add("mprotect %#x %d %#x".formatted(address, sizeBytes, protection));
      return result;
    }

    @Override
    public int madvise(long address, long sizeBytes, int advice) {
      calls.add("madvise %#x %d %d".formatted(address, sizeBytes, advice));
      return result;
    }

    @Override
    public int munmap(long address, long sizeBytes) {
      calls.add("munmap %#x %d".formatted(address, sizeBytes));
      return result;
    }

    @Override
    public int getpagesize() {
      return 16 * 1024;
    }

    @Override
    public void icacheInvalidate(long address, long sizeBytes) {
      calls.add("sys_icache_invalidate %#x %d".formatted(address, sizeBytes));
    }
  }

  /** The functions that macOS's are called like, with this system's constants. */
  private static final class OnThisSystem implements MacOs.Calls {
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MADV_DONTNEED = 4;

    private final MacOs.Calls linked = MacOs.Calls.linked();

    @Override
    public long mmap(long sizeBytes, int protection, int flags) {
      assertEquals(MacOs.MAP_PRIVATE | MacOs.MAP_ANON | MacOs.MAP_NORESERVE, flags);
      return linked.mmap(sizeBytes, protection, MacOs.MAP_PRIVATE | MAP_ANONYMOUS);
    }

    @Override
    public int mprotect(long address, long sizeBytes, int protection) {
      return linked.mprotect(address, sizeBytes, protection);
    }

    @Override
    public int madvise(long address, long sizeBytes, int advice) {
      return linked.madvise(address, sizeBytes, MADV_DONTNEED);
    }

    @Override
    public int munmap(long address, long sizeBytes) {
      return linked.munmap(address, sizeBytes);
    }

    @Override
    public int getpagesize() {
      return linked.getpagesize();
    }

    @Override
    public void icacheInvalidate(long address, long sizeBytes) {
      // Linux does it when it makes the pages executable.
    }
  }

  private final Recorded recorded = new Recorded();

  @Test
  void memoryIsMappedWithApplesConstants() {
    MemorySegment memory = new MacOs(recorded).map(32 * 1024);
    assertEquals(0x1_0000_0000L, memory.address());
    assertEquals(32 * 1024, memory.byteSize());
    // PROT_READ | PROT_WRITE; MAP_PRIVATE 0x2 | MAP_NORESERVE 0x40 | MAP_ANON 0x1000
    assertEquals(List.of("mmap 32768 0x3 0x1042"), recorded.calls);
  }

  @Test
  void pagesAreOf16KiB() {
    assertEquals(16 * 1024, new MacOs(recorded).pageSizeBytes());
  }

  @Test
  void codeIsNeverWritableAndExecutableAndTheInstructionCacheComesLast() {
    MacOs macOs = new MacOs(recorded);
    macOs.makeExecutable(macOs.map(16 * 1024));
    assertEquals(
        List.of(
            "mmap 16384 0x3 0x1042",
            "mprotect 0x100000000 16384 0x5",
            "sys_icache_invalidate 0x100000000 16384"),
        recorded.calls);
  }

  @Test
  void guardsAreMappingsOfTheirOwn() {
    MacOs macOs = new MacOs(recorded);
    MemorySegment pages = MemorySegment.ofAddress(0x4000).reinterpret(0x4000);
    assertFalse(macOs.guardsWithoutMappings());
    assertFalse(macOs.tryMakeGuardWithoutMapping(pages));
    macOs.makeGuard(pages);
    macOs.discard(pages);
    macOs.unmap(pages);
    assertEquals(
        List.of("mprotect 0x4000 16384 0x0", "madvise 0x4000 16384 5", "munmap 0x4000 16384"),
        recorded.calls);
  }

  @Test
  void everyRefusalOfTheKernelIsAnException() {
    MacOs macOs = new MacOs(recorded);
    MemorySegment pages = MemorySegment.ofAddress(0x4000).reinterpret(0x4000);
    recorded.result = -12;
    for (Runnable call :
        List.<Runnable>of(
            () -> macOs.map(0x4000),
            () -> macOs.makeExecutable(pages),
            () -> macOs.makeGuard(pages),
            () -> macOs.discard(pages),
            () -> macOs.unmap(pages))) {
      SystemCallException e = assertThrows(SystemCallException.class, call::run);
      assertEquals(12, e.errno());
      assertTrue(e.getMessage().contains("ENOMEM"), e.getMessage());
    }
  }

  @Test
  void itIsOffUnlessAskedFor() {
    String refusal = new MacOs(recorded).refusal(Isa.AARCH64).orElseThrow();
    assertTrue(refusal.contains("not yet been run on a Mac"), refusal);
    assertTrue(refusal.contains("-Dstackful.foreign.macos=true"), refusal);
    System.setProperty(MacOs.PROPERTY, "true");
    try {
      assertTrue(new MacOs(recorded).refusal(Isa.AARCH64).isEmpty());
    } finally {
      System.clearProperty(MacOs.PROPERTY);
    }
  }

  @Test
  void theFunctionsAreLinkedAsTheyAreDeclared() throws Throwable {
    assumeTrue(System.getProperty("os.name").equals("Linux"));
    MacOs macOs = new MacOs(new OnThisSystem());
    assertEquals(new Linux().pageSizeBytes(), macOs.pageSizeBytes());

    MemorySegment pages = macOs.map(2 * macOs.pageSizeBytes());
    MemorySegment code = pages.asSlice(0, macOs.pageSizeBytes());
    MemorySegment data = pages.asSlice(macOs.pageSizeBytes());
    byte[] answer = // a function that returns 42
        HexFormat.of()
            .parseHex(
                switch (Isa.require()) {
                  case AMD64 -> "b82a000000c3"; // mov eax, 42; ret
                  case AARCH64 -> "40058052c0035fd6"; // mov w0, #42; ret
                });
    code.copyFrom(MemorySegment.ofArray(answer));
    macOs.makeExecutable(code);
    MethodHandle function =
        Linker.nativeLinker().downcallHandle(code, FunctionDescriptor.of(ValueLayout.JAVA_INT));
    assertEquals(42, (int) function.invokeExact());
    assertArrayEquals(answer, code.asSlice(0, answer.length).toArray(ValueLayout.JAVA_BYTE));

    data.set(ValueLayout.JAVA_LONG, 0, 1);
    macOs.discard(data);
    assertEquals(0, data.get(ValueLayout.JAVA_LONG, 0));
    macOs.makeGuard(data);
    macOs.unmap(pages);
    SystemCallException e = assertThrows(SystemCallException.class, () -> macOs.makeGuard(data));
    assertEquals(12, e.errno());
  }
}
