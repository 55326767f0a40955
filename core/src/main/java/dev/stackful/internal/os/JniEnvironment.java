package dev.stackful.internal.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A few of JNI's functions, called by downcalls out of the function table that the JVM keeps for
 * the calling thread (Java Native Interface Specification, chapters 4 and 5; the numbers are those
 * of the tables there).
 *
 * <p>A local reference doesn't live long outside of a native method: the next native method that
 * returns on this thread gives the place away. So each function here that returns an object makes a
 * global reference of it at once, and all handles are linked and tried before, so that no native
 * method comes in between. The references are not given back: this is used once, for a handful of
 * objects that live as long as the JVM.
 *
 * <p>No failure leaves an exception pending: one would come out of whatever Java does next.
 */
final class JniEnvironment {
  private static final int JNI_VERSION_21 = 0x00150000;

  /** JavaVM's function GetEnv. */
  private static final int GET_ENV = 6;

  private static final int FIND_CLASS = 6;
  private static final int EXCEPTION_CLEAR = 17;
  private static final int NEW_GLOBAL_REF = 21;
  private static final int GET_OBJECT_CLASS = 31;
  private static final int GET_FIELD_ID = 94;
  private static final int SET_OBJECT_FIELD = 104;
  private static final int GET_STATIC_METHOD_ID = 113;
  private static final int CALL_STATIC_OBJECT_METHOD_A = 116;
  private static final int GET_STATIC_FIELD_ID = 144;
  private static final int GET_STATIC_OBJECT_FIELD = 145;
  private static final int EXCEPTION_CHECK = 228;

  private final Arena arena;
  private final long env;

  /** Where the table of functions lies. */
  private final long table;

  private final MethodHandle findClass;
  private final MethodHandle exceptionClear;
  private final MethodHandle exceptionCheck;
  private final MethodHandle newGlobalRef;
  private final MethodHandle getObjectClass;
  private final MethodHandle getFieldId;
  private final MethodHandle setObjectField;
  private final MethodHandle getStaticMethodId;
  private final MethodHandle callStaticObjectMethod;
  private final MethodHandle getStaticFieldId;
  private final MethodHandle getStaticObjectField;

  private JniEnvironment(Arena arena, long env) {
    this.arena = arena;
    this.env = env;
    this.table = VirtualMemory.longAt(env);
    this.findClass = link(FIND_CLASS);
    this.exceptionClear = link(EXCEPTION_CLEAR);
    this.exceptionCheck = link(EXCEPTION_CHECK);
    this.newGlobalRef = link(NEW_GLOBAL_REF);
    this.getObjectClass = link(GET_OBJECT_CLASS);
    this.getFieldId = link(GET_FIELD_ID);
    this.setObjectField = link(SET_OBJECT_FIELD);
    this.getStaticMethodId = link(GET_STATIC_METHOD_ID);
    this.callStaticObjectMethod = link(CALL_STATIC_OBJECT_METHOD_A);
    this.getStaticFieldId = link(GET_STATIC_FIELD_ID);
    this.getStaticObjectField = link(GET_STATIC_OBJECT_FIELD);
  }

  /**
   * That of the calling thread, a platform thread.
   *
   * @param arena where texts for it are kept
   * @throws IllegalStateException if this JVM doesn't tell; the message says what is missing
   * @throws IllegalCallerException if native access is denied
   */
  static JniEnvironment ofCallingThread(Arena arena) {
    long vm = javaVm(arena);
    MethodHandle getEnv = link(VirtualMemory.longAt(vm), GET_ENV);
    MemorySegment env = arena.allocate(ADDRESS);
    int refused;
    try {
      refused =
          (int) (long) getEnv.invokeExact(vm, env.address(), (long) JNI_VERSION_21, 0L, 0L, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
    if (refused != 0) {
      throw new IllegalStateException("JNI's GetEnv returned " + refused);
    }
    JniEnvironment made = new JniEnvironment(arena, VirtualMemory.longAt(env.address()));
    made.tryHandles();
    return made;
  }

  private static long javaVm(Arena arena) {
    Optional<SymbolLookup> library = library(arena);
    Optional<MemorySegment> function =
        library.isEmpty() ? Optional.empty() : library.get().find("JNI_GetCreatedJavaVMs");
    if (function.isEmpty()) {
      throw new IllegalStateException("no library of the JVM's with JNI's functions");
    }
    MethodHandle created = link(function.get());
    MemorySegment vm = arena.allocate(ADDRESS);
    MemorySegment count = arena.allocate(JAVA_INT);
    int refused;
    try {
      refused = (int) (long) created.invokeExact(vm.address(), 1L, count.address(), 0L, 0L, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
    if (refused != 0 || VirtualMemory.intAt(count.address()) != 1) {
      throw new IllegalStateException("JNI_GetCreatedJavaVMs tells of no JVM");
    }
    return VirtualMemory.longAt(vm.address());
  }

  /** The JVM's library: by its name, by which the loader knows what is loaded, or by its place. */
  private static Optional<SymbolLookup> library(Arena arena) {
    String name = System.mapLibraryName("jvm");
    try {
      return Optional.of(SymbolLookup.libraryLookup(name, arena));
    } catch (IllegalArgumentException e) {
      Path home = Path.of(System.getProperty("java.home"));
      for (String folder : List.of("lib", "bin")) { // Windows has it below bin
        try {
          Path file = home.resolve(folder).resolve("server").resolve(name);
          return Optional.of(SymbolLookup.libraryLookup(file, arena));
        } catch (IllegalArgumentException f) {
          // not there
        }
      }
      return Optional.empty();
    }
  }

  private static MethodHandle link(MemorySegment function) {
    return Downcall.link(function, Downcall.SIX_LONGS);
  }

  private static MethodHandle link(long table, int function) {
    return link(
        MemorySegment.ofAddress(VirtualMemory.longAt(table + function * ADDRESS.byteSize())));
  }

  private MethodHandle link(int function) {
    return link(table, function);
  }

  /** The first call of a handle links it, in Java that may call native methods. */
  private void tryHandles() {
    call(exceptionClear);
    call(exceptionCheck);
    global(0);
    long object = findClass("java/lang/Object");
    objectClass(object);
    callStaticObjectMethod(findClass("java/lang/Thread"), "currentThread", "()Ljava/lang/Thread;");
    staticObjectField(findClass("java/lang/System"), "out", "Ljava/io/PrintStream;");
  }

  /** A class that the boot loader has, by its internal name. */
  long findClass(String name) {
    long text = text(name).address();
    return global(found(call(findClass, text), name));
  }

  long objectClass(long object) {
    return global(call(getObjectClass, object));
  }

  long fieldId(long type, String name, String descriptor) {
    long nameText = text(name).address();
    long descriptorText = text(descriptor).address();
    return found(call(getFieldId, type, nameText, descriptorText), name);
  }

  /** Writes a field of an object, whatever its access. */
  void setObjectField(long object, long field, long value) {
    call(setObjectField, object, field, value);
  }

  /** What a static field holds, whatever its access. */
  long staticObjectField(long type, String name, String descriptor) {
    long nameText = text(name).address();
    long descriptorText = text(descriptor).address();
    long field = found(call(getStaticFieldId, type, nameText, descriptorText), name);
    return global(found(call(getStaticObjectField, type, field), name));
  }

  /** What a static method without arguments returns. */
  long callStaticObjectMethod(long type, String name, String descriptor) {
    long nameText = text(name).address();
    long descriptorText = text(descriptor).address();
    long method = found(call(getStaticMethodId, type, nameText, descriptorText), name);
    return global(found(call(callStaticObjectMethod, type, method, 0), name));
  }

  private MemorySegment text(String text) {
    return arena.allocateFrom(JAVA_BYTE, (text + '\0').getBytes(StandardCharsets.US_ASCII));
  }

  /** A global reference to the object of a local one, which must have been returned just now. */
  private long global(long local) {
    return call(newGlobalRef, local);
  }

  /** What was found; if nothing was, or an exception is pending, that is cleared and thrown. */
  private long found(long result, String name) {
    boolean pending = (call(exceptionCheck) & 0xff) != 0; // a jboolean: eight bits
    if (pending) {
      call(exceptionClear);
    }
    if (pending || result == 0) {
      throw new IllegalStateException("this JVM has nothing like " + name);
    }
    return result;
  }

  private long call(MethodHandle function) {
    return call(function, 0);
  }

  private long call(MethodHandle function, long a) {
    return call(function, a, 0);
  }

  private long call(MethodHandle function, long a, long b) {
    return call(function, a, b, 0);
  }

  private long call(MethodHandle function, long a, long b, long c) {
    try {
      return (long) function.invokeExact(env, a, b, c, 0L, 0L);
    } catch (Throwable t) {
      throw Downcall.rethrow(t);
    }
  }
}
