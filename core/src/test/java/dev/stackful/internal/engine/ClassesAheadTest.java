package dev.stackful.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.Engine;
import dev.stackful.internal.os.Isa;
import dev.stackful.testing.OwnJvm;
import dev.stackful.torture.FirstElement;
import dev.stackful.torture.FirstUseByARecorder;
import dev.stackful.torture.FirstUses;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ClassesAheadTest {
  /** A class that isn't hidden: its name below {@code dev.stackful}. */
  private static final Pattern LOADED =
      Pattern.compile("dev\\.stackful\\.([\\w.$]+) source: \\S*/classes/");

  /** Named by the compiler. */
  private static final Pattern NUMBERED = Pattern.compile(".*\\$\\d+");

  /** What the thread itself takes, and what the linker's caller does at the same time. */
  private static final Set<String> NOT_NAMED =
      Set.of("internal.engine.LibraryThreads", "internal.os.Downcall");

  @Test
  void theClassesNamedAreThoseThatAFirstElementLoads() {
    assumeTrue(Engine.NATIVE.isAvailable());
    OwnJvm.Result run =
        new OwnJvm()
            .with("-Xshare:auto", "-Xlog:class+load:stdout")
            .run(FirstElement.class)
            .mustSucceed()
            .mustPrint("first");
    String whole = run.output();
    String output = whole.substring(whole.indexOf("dev.stackful.internal.engine.ClassesAhead "));
    Set<String> loaded = new TreeSet<>();
    Matcher line = LOADED.matcher(output);
    while (line.find()) {
      if (!NUMBERED.matcher(line.group(1)).matches()) {
        loaded.add(line.group(1));
      }
    }
    loaded.removeAll(NOT_NAMED);
    loaded.remove("internal.engine.ClassesAhead");
    Set<String> named = new TreeSet<>(ClassesAhead.INITIALIZED);
    named.addAll(ClassesAhead.initializedOn(Isa.require()));
    named.addAll(ClassesAhead.LINKED);
    assertEquals(String.join("\n", loaded), String.join("\n", named));
  }

  @RepeatedTest(3)
  void whoeverHoldsTheFlightRecordersLockDoesNotWaitForTheClasses() {
    assumeTrue(Engine.NATIVE.isAvailable());
    new OwnJvm()
        .within(Duration.ofSeconds(60))
        .run(FirstUseByARecorder.class)
        .mustSucceed()
        .mustPrint("first use!")
        .mustPrint("recorded");
  }

  @RepeatedTest(5)
  void threadsThatUseTheLibraryForTheFirstTimeAtOnceDontWaitForEachOther() {
    if (Engine.NATIVE.isAvailable()) {
      new OwnJvm().run(FirstUses.class, "native").mustSucceed();
    } else {
      new OwnJvm().run(FirstUses.class).mustSucceed();
    }
  }
}
