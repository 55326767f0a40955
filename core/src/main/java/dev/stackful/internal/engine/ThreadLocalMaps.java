package dev.stackful.internal.engine;

import dev.stackful.internal.os.Lazy;
import dev.stackful.internal.os.NativeAccess;
import dev.stackful.internal.os.PrivateFieldSearch;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;

/**
 * The two maps in which a thread keeps its thread-locals, the plain and the inheritable ones. They
 * are fields of {@link Thread}, which the JDK reads and writes on the thread itself alone. So a
 * thread that stands still can be given none, and its thread-locals are gone; or those of another
 * one that stands still, and they share their thread-locals.
 *
 * <p>What the JDK cleans up at a thread's end, its cache of direct buffers say, is in a third map
 * (java.lang.ThreadLocal, {@code getMap}), which stays where it is.
 *
 * <p>Reflection doesn't reach the fields. With native access {@link PrivateFieldSearch} does; it is
 * tried once whether it works, as a JDK may have renamed or moved them.
 */
public final class ThreadLocalMaps {
  /** Why the maps can't be reached; empty if they can. */
  private static final Lazy<Optional<String>> REFUSAL =
      new Lazy<>() {
        @Override
        protected Optional<String> make() {
          return search();
        }
      };

  /** Plain and inheritable, once they are found. */
  private static List<VarHandle> fields = List.of();

  /**
   * Constants, so that an access compiles to a load or a store. Initialized by the probe, once the
   * fields are found.
   */
  private static final class Handles {
    private static final VarHandle PLAIN = fields.get(0);
    private static final VarHandle INHERITABLE = fields.get(1);
  }

  private ThreadLocalMaps() {}

  /**
   * Whether threads can be given other maps. It asks for no native access that wasn't given or used
   * before, as the JVM would warn; so it may change from no to yes.
   */
  public static boolean areReachable() {
    return NativeAccess.isGiven() && refusal().isEmpty();
  }

  /** Why they can't; empty if they can. The first call uses native access. */
  public static Optional<String> refusal() {
    return REFUSAL.get();
  }

  /**
   * Begins to look for them, on a thread of its own, and returns. Whoever asks next waits for that
   * to end, where it hasn't. For a caller that has native access, and something else to do first.
   */
  static void searchAhead() {
    try {
      LibraryThreads.daemon("stackful-thread-locals", new SearchAhead()).start();
    } catch (OutOfMemoryError e) {
      // no thread for it: whoever asks looks for them
    }
  }

  private static final class SearchAhead implements Runnable {
    @Override
    public void run() {
      try {
        refusal();
      } catch (Throwable t) {
        // no memory for it now: whoever asks next tries again
      }
    }
  }

  private static Optional<String> search() {
    if (!Settings.reachesThreadLocals()) {
      return Optional.of(Settings.THREAD_LOCALS + "=false was given");
    }
    Headroom.ensure(); // a class whose initializer overflows can never be used again
    PrivateFieldSearch search =
        new PrivateFieldSearch(
            LibraryThreads.group(),
            Thread.class,
            "java.lang.ThreadLocal$ThreadLocalMap",
            List.of("threadLocals", "inheritableThreadLocals"));
    try {
      LibraryThreads.runToEnd(search);
      fields = search.found();
      ThreadLocalProbe.tryOut();
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * A thread's thread-locals are gone: it has none, as if it were new.
   *
   * @param thread the calling one, or one that stands still
   */
  public static void erase(Thread thread) {
    if ((Object) Handles.PLAIN.get(thread) != null) {
      Handles.PLAIN.set(thread, (Object) null);
    }
    if ((Object) Handles.INHERITABLE.get(thread) != null) {
      Handles.INHERITABLE.set(thread, (Object) null);
    }
  }

  /**
   * One thread's thread-locals are another's too. A map that the first doesn't have yet, the second
   * makes for itself when it needs one; the same call the other way round then gives it to the
   * first, as if that had made it.
   *
   * @param from whose they are; the calling thread, or one that stands still
   * @param to the thread that gets them; it stands still or is the calling thread
   */
  public static void share(Thread from, Thread to) {
    Object plain = (Object) Handles.PLAIN.get(from);
    if ((Object) Handles.PLAIN.get(to) != plain) {
      Handles.PLAIN.set(to, plain);
    }
    Object inheritable = (Object) Handles.INHERITABLE.get(from);
    if ((Object) Handles.INHERITABLE.get(to) != inheritable) {
      Handles.INHERITABLE.set(to, inheritable);
    }
  }
}
