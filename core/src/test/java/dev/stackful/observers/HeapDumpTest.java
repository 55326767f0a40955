package dev.stackful.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.testing.OwnJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.netbeans.lib.profiler.heap.Heap;
import org.netbeans.lib.profiler.heap.HeapFactory;
import org.netbeans.lib.profiler.heap.Instance;
import org.netbeans.lib.profiler.heap.JavaClass;
import org.netbeans.lib.profiler.heap.JavaFrameGCRoot;
import org.netbeans.lib.profiler.heap.PrimitiveArrayInstance;
import org.netbeans.lib.profiler.heap.ThreadObjectGCRoot;

/**
 * A heap dump shows the locals of suspended bodies, each in its frame of its coroutine's thread.
 */
@Tag("native-speed")
final class HeapDumpTest {
  @TempDir Path folder;

  private Heap dump(String... flags) throws Exception {
    Path file = folder.resolve("heap.hprof");
    new OwnJvm().with(flags).run(Dumped.class, file.toString()).mustSucceed();
    // It writes an index beside the dump.
    return HeapFactory.createHeap(file.toFile());
  }

  /** The marks, by their numbers. */
  private static Map<Integer, Instance> marks(Heap heap) {
    JavaClass type = heap.getJavaClassByName(Dumped.Mark.class.getName());
    Map<Integer, Instance> marks = new TreeMap<>();
    for (Object each : type.getInstances()) {
      Instance mark = (Instance) each;
      marks.put((Integer) mark.getValueOfField("number"), mark);
    }
    return marks;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xint",
        "-XX:+UseSerialGC",
        "-XX:+UseG1GC",
        "-XX:+UseZGC",
        "-XX:TieredStopAtLevel=1"
      })
  void theLocalsOfSuspendedBodiesAreInTheirFrames(String flag) throws Exception {
    Heap heap = dump(flag);
    Map<Integer, Instance> marks = marks(heap);
    assertEquals(Dumped.BODIES, marks.size(), "marks: " + marks.keySet());
    List<String> missing = new ArrayList<>();
    marks.forEach(
        (number, mark) -> {
          List<String> seen = new ArrayList<>();
          for (Object root : heap.getGCRoots()) {
            if (root instanceof JavaFrameGCRoot local
                && local.getInstance().getInstanceId() == mark.getInstanceId()) {
              seen.add(threadAndMethod(local));
            }
          }
          String method = number % 2 == 0 ? "interpreted" : "hot";
          if (!seen.contains("dumped-" + number + " " + method)) {
            missing.add(number + " is seen in " + seen);
          }
        });
    assertTrue(missing.isEmpty(), flag + ": " + missing);
  }

  private static String threadAndMethod(JavaFrameGCRoot local) {
    ThreadObjectGCRoot thread = local.getThreadGCRoot();
    StackTraceElement[] trace = thread.getStackTrace();
    return name(thread.getInstance()) + " " + trace[local.getFrameNumber()].getMethodName();
  }

  private static String name(Instance thread) {
    Instance name = (Instance) thread.getValueOfField("name");
    PrimitiveArrayInstance latin1 = (PrimitiveArrayInstance) name.getValueOfField("value");
    StringBuilder text = new StringBuilder();
    for (Object character : latin1.getValues()) {
      text.append((char) Byte.parseByte((String) character));
    }
    return text.toString();
  }
}
