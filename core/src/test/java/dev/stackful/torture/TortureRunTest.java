package dev.stackful.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.torture.TortureRun.Outcome;
import dev.stackful.torture.TortureRun.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The torture command notices each kind of fault, and keeps what tells its cause. */
@Tag("native-speed")
final class TortureRunTest {
  @TempDir Path temporary;

  private Outcome run(String fault, long limitSeconds) throws Exception {
    return new TortureRun(TortureJdk.own(), TortureConfiguration.DEFAULT, folder())
        .run(List.of(), PlantedFault.class, List.of(fault), limitSeconds, false);
  }

  private Path folder() {
    return temporary.resolve("run");
  }

  private String kept(String start) throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      Path file =
          files
              .filter(candidate -> candidate.getFileName().toString().startsWith(start))
              .findAny()
              .orElseThrow(() -> new AssertionError("nothing kept that is called " + start));
      return Files.readString(file);
    }
  }

  @Test
  void nothingIsKeptOfARunWithoutFault() throws Exception {
    Outcome outcome = run("none", 60);
    assertEquals(Verdict.OK, outcome.verdict());
    assertEquals(4711, outcome.switches());
    assertFalse(Files.exists(folder()));
  }

  @Test
  void ofACrashTheErrorFileIsKept() throws Exception {
    assertEquals(Verdict.CRASHED, run("crash", 120).verdict());
    assertTrue(kept("hs_err").contains("SIGSEGV"));
    assertTrue(kept("again").contains(PlantedFault.class.getName()));
  }

  @Test
  void ofAHangTheBacktracesAreKept() throws Exception {
    assertEquals(Verdict.HUNG, run("hang", 5).verdict());
    assertTrue(kept("output").contains("Full thread dump"));
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/gdb")), "there is no gdb");
    assertFalse(kept("gdb").isEmpty());
  }

  @Test
  void aWrongValueIsAFaultWhateverElseIsPrinted() throws Exception {
    assertEquals(Verdict.FAILED, run("wrong", 60).verdict());
    assertTrue(kept("output").contains("FAILED: planted"));
  }

  @Test
  void anEndWithoutAWordIsAFault() throws Exception {
    assertEquals(Verdict.FAILED, run("silent", 60).verdict());
  }

  @Test
  void anOptionThatTheJvmDoesNotHaveIsLeftOut() throws Exception {
    Outcome outcome =
        new TortureRun(TortureJdk.own(), TortureConfiguration.DEFAULT, folder())
            .run(List.of("-XX:+UseNoSuchThing"), PlantedFault.class, List.of("none"), 60, false);
    assertEquals(Verdict.LEFT_OUT, outcome.verdict());
  }

  @Test
  void aJvmThatCannotBeStartedIsAFaultOfItsOwn() throws Exception {
    TortureJdk missing = new TortureJdk(temporary.resolve("java").toString(), "missing", false, 1);
    Outcome outcome =
        new TortureRun(missing, TortureConfiguration.DEFAULT, folder())
            .run(List.of(), PlantedFault.class, List.of("none"), 60, false);
    assertEquals(Verdict.FAILED, outcome.verdict());
    assertTrue(outcome.detail().contains("did not start"), outcome::detail);
  }
}
