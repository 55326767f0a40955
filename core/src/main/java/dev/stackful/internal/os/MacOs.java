package dev.stackful.internal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * macOS on Apple silicon and on x86-64, by the functions of libSystem: numbers of system calls are
 * not part of its interface. <strong>Not yet run on a Mac:</strong> written after Apple's manual
 * pages and headers, and therefore off unless the system property {@value #PROPERTY} is {@code
 * true}.
 *
 * <h2>Executable memory</h2>
 *
 * On Apple silicon no page is ever writable and executable. A program has two ways. One is {@code
 * MAP_JIT} memory ("Porting just-in-time compilers to Apple silicon"): all of it is writable or
 * executable, as the calling thread says by {@code pthread_jit_write_protect_np}, so that it can be
 * written again and again. Java can't take that way: HotSpot's own code is such memory ({@code
 * anon_mmap} in os_bsd.cpp, {@code current_thread_enable_wx} in os_bsd_aarch64.cpp), so a thread
 * that has made it writable can't return into the Java code that made the call. ({@code
 * pthread_jit_write_with_callback_np} would need machine code to call back before there is any.)
 *
 * <p>The other way is ours on every system: ordinary memory is written and then made executable by
 * {@code mprotect}, for good. The threads' modes for {@code MAP_JIT} memory have no effect on it.
 * Where {@code java} was signed for the hardened runtime, that takes the entitlement {@code
 * com.apple.security.cs.allow-unsigned-executable-memory}. After it, {@code sys_icache_invalidate}
 * has the processors see the code (libkern/OSCacheControl.h).
 */
final class MacOs implements OperatingSystem {
  static final String PROPERTY = "stackful.foreign.macos";

  /** sys/mman.h */
  static final int PROT_NONE = 0;

  static final int PROT_READ = 1;
  static final int PROT_WRITE = 2;
  static final int PROT_EXEC = 4;
  static final int MAP_PRIVATE = 0x0002;
  static final int MAP_NORESERVE = 0x0040;
  static final int MAP_ANON = 0x1000;

  /** madvise(2): the pages' contents are of no use any more. */
  static final int MADV_FREE = 5;

  /** signal.h. A frame with NEON or AVX-512 state is within. */
  static final long MINSIGSTKSZ = 32 * 1024;

  /** mmap's answer where it fails. */
  static final long MAP_FAILED = -1;

  /** The functions that it calls. Each returns what C's does, or a negated {@code errno}. */
  interface Calls {
    /** mmap(2), at an address of its choice, with no file and no offset. */
    long mmap(long sizeBytes, int protection, int flags);

    int mprotect(long address, long sizeBytes, int protection);

    int madvise(long address, long sizeBytes, int advice);

    int munmap(long address, long sizeBytes);

    int getpagesize();

    void icacheInvalidate(long address, long sizeBytes);

    /** The C library's. Where it lacks a function, calls of that one fail, and no others. */
    static Calls linked() {
      return new Linked(Linker.nativeLinker().defaultLookup());
    }
  }

  private final Calls calls;

  /** 0 until it was asked for. */
  private volatile long pageSizeBytes;

  MacOs(Calls calls) {
    this.calls = calls;
  }

  @Override
  public Optional<String> refusal(Isa isa) {
    return Boolean.getBoolean(PROPERTY)
        ? Optional.empty()
        : Optional.of(
            "foreign coroutines have not yet been run on a Mac; -D"
                + PROPERTY
                + "=true tries them, at your own risk");
  }

  /** 16 KiB on Apple silicon, 4 KiB on x86-64. */
  @Override
  public long pageSizeBytes() {
    long known = pageSizeBytes;
    if (known == 0) {
      known = calls.getpagesize();
      pageSizeBytes = known;
    }
    return known;
  }

  @Override
  public long minimumSignalStackBytes() {
    return MINSIGSTKSZ;
  }

  @Override
  public MemorySegment map(long sizeBytes) {
    long address =
        calls.mmap(sizeBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON | MAP_NORESERVE);
    if (address < 0) { // user addresses are positive
      throw new SystemCallException("mmap of " + sizeBytes + " bytes", address);
    }
    return MemorySegment.ofAddress(address).reinterpret(sizeBytes);
  }

  @Override
  public void makeExecutable(MemorySegment pages) {
    protect(pages, PROT_READ | PROT_EXEC, "executable");
    calls.icacheInvalidate(pages.address(), pages.byteSize());
  }

  @Override
  public void makeGuard(MemorySegment pages) {
    protect(pages, PROT_NONE, "inaccessible");
  }

  /** macOS has nothing of the kind, nor a limit on mappings that would make one wish for it. */
  @Override
  public boolean tryMakeGuardWithoutMapping(MemorySegment pages) {
    return false;
  }

  @Override
  public boolean guardsWithoutMappings() {
    return false;
  }

  @Override
  public void discard(MemorySegment pages) {
    check(
        calls.madvise(pages.address(), pages.byteSize(), MADV_FREE),
        "madvise of " + pages.byteSize() + " bytes");
  }

  @Override
  public void unmap(MemorySegment memory) {
    check(
        calls.munmap(memory.address(), memory.byteSize()),
        "munmap of " + memory.byteSize() + " bytes");
  }

  private void protect(MemorySegment pages, int protection, String as) {
    check(
        calls.mprotect(pages.address(), pages.byteSize(), protection),
        "mprotect of " + pages.byteSize() + " bytes as " + as);
  }

  private static void check(int result, String what) {
    if (result != 0) {
      throw new SystemCallException(what, result);
    }
  }

  /** The calls, by the foreign linker. */
  static final class Linked implements Calls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final SymbolLookup lookup;

    Linked(SymbolLookup lookup) {
      this.lookup = lookup;
    }

    private MethodHandle link(
        String function, FunctionDescriptor descriptor, Linker.Option... options) {
      return LINKER.downcallHandle(
          lookup
              .find(function)
              .orElseThrow(
                  () -> new UnsatisfiedLinkError("the C library has no function " + function)),
          descriptor,
          options);
    }

    private static FunctionDescriptor returningInt(MemoryLayout... arguments) {
      return FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
    }

    /** Calls a function that returns an int, -1 of which is an error. */
    private int call(String function, long address, long sizeBytes, int last) {
      MethodHandle handle =
          link(
              function,
              returningInt(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
              Linker.Option.captureCallState("errno"));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(CALL_STATE);
        int result = (int) handle.invokeExact(state, address, sizeBytes, last);
        return result == 0 ? 0 : -(int) ERRNO.get(state, 0L);
      } catch (Throwable t) {
        throw Downcall.rethrow(t);
      }
    }

    @Override
    public long mmap(long sizeBytes, int protection, int flags) {
      MethodHandle handle =
          link(
              "mmap",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_LONG,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_LONG),
              Linker.Option.captureCallState("errno"));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(CALL_STATE);
        long address = (long) handle.invokeExact(state, 0L, sizeBytes, protection, flags, -1, 0L);
        return address == MAP_FAILED ? -(int) ERRNO.get(state, 0L) : address;
      } catch (Throwable t) {
        throw Downcall.rethrow(t);
      }
    }

    @Override
    public int mprotect(long address, long sizeBytes, int protection) {
      return call("mprotect", address, sizeBytes, protection);
    }

    @Override
    public int madvise(long address, long sizeBytes, int advice) {
      return call("madvise", address, sizeBytes, advice);
    }

    @Override
    public int munmap(long address, long sizeBytes) {
      MethodHandle handle =
          link(
              "munmap",
              returningInt(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
              Linker.Option.captureCallState("errno"));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment state = arena.allocate(CALL_STATE);
        int result = (int) handle.invokeExact(state, address, sizeBytes);
        return result == 0 ? 0 : -(int) ERRNO.get(state, 0L);
      } catch (Throwable t) {
        throw Downcall.rethrow(t);
      }
    }

    @Override
    public int getpagesize() {
      try {
        return (int) link("getpagesize", returningInt()).invokeExact();
      } catch (Throwable t) {
        throw Downcall.rethrow(t);
      }
    }

    @Override
    public void icacheInvalidate(long address, long sizeBytes) {
      MethodHandle handle =
          link(
              "sys_icache_invalidate",
              FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
      try {
        handle.invokeExact(address, sizeBytes);
      } catch (Throwable t) {
        throw Downcall.rethrow(t);
      }
    }
  }
}
