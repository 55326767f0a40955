package dev.stackful.internal.os;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds handles to fields of the JDK's that are closed to reflection. Native access is all that it
 * takes: JNI may read every field, also the one that holds the look-up for which nothing is closed
 * ({@code MethodHandles.Lookup.IMPL_LOOKUP}), and by that Java gets handles as fast as plain
 * accesses. Only this thread ever has the look-up, and it drops it.
 *
 * <p>It is a thread, as JNI gives an object to Java by writing it into a field, and the only object
 * of ours that JNI can find without knowing our class loader is the calling thread.
 */
public final class PrivateFieldSearch extends Thread {
  private static final String DELIVERED = "delivered";

  private final Class<?> owner;
  private final String type;
  private final List<String> names;
  private final List<VarHandle> found = new ArrayList<>();
  private @Nullable Throwable failure;

  /** Written by JNI, under its name. */
  private @Nullable Object delivered;

  /**
   * A search for fields of one class that are all of one type; to be started once.
   *
   * @param owner the class that declares them
   * @param type the name of their class, which the boot loader has
   * @param names their names
   */
  public PrivateFieldSearch(ThreadGroup group, Class<?> owner, String type, List<String> names) {
    super(group, null, "stackful-private-fields", 0, false);
    this.owner = owner;
    this.type = type;
    this.names = names;
    setDaemon(true);
  }

  @Override
  public void run() {
    try (Arena arena = Arena.ofConfined()) {
      deliver(JniEnvironment.ofCallingThread(arena));
      if (!(delivered instanceof MethodHandles.Lookup lookup)) {
        throw new IllegalStateException("JNI delivered no look-up");
      }
      delivered = null;
      Class<?> fieldType = Class.forName(type, false, null);
      for (String name : names) {
        found.add(lookup.findVarHandle(owner, name, fieldType));
      }
    } catch (ReflectiveOperationException | RuntimeException | Error e) {
      failure = e;
    }
  }

  private static void deliver(JniEnvironment jni) {
    long lookups = jni.findClass("java/lang/invoke/MethodHandles$Lookup");
    long lookup =
        jni.staticObjectField(lookups, "IMPL_LOOKUP", "Ljava/lang/invoke/MethodHandles$Lookup;");
    long threads = jni.findClass("java/lang/Thread");
    long search = jni.callStaticObjectMethod(threads, "currentThread", "()Ljava/lang/Thread;");
    long field = jni.fieldId(jni.objectClass(search), DELIVERED, "Ljava/lang/Object;");
    jni.setObjectField(search, field, lookup);
  }

  /**
   * What the search, which has ended, has found.
   *
   * @return handles to the fields, in the order of the names; in a call each field may be an Object
   * @throws IllegalStateException if a field isn't there or this JVM doesn't let us; the message
   *     says why
   */
  public List<VarHandle> found() {
    if (failure instanceof VirtualMachineError error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException(String.valueOf(failure.getMessage()), failure);
    }
    return List.copyOf(found);
  }
}
