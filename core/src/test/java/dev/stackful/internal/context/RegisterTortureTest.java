package dev.stackful.internal.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.internal.foreign.ForeignRegisterTorture;
import dev.stackful.testing.OwnJvm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The switch keeps every register that it must, and the torture would notice if it didn't. */
final class RegisterTortureTest {
  private static final int SLOWNESS = Integer.getInteger("stackful.test.slowness", 1);

  /** Six registers, MXCSR and the x87 control word; or 11 registers, 8 vectors and FPCR. */
  private static final List<Integer> REGISTERS = List.of(8, 20);

  @Test
  void everyCalleeSavedRegisterSurvivesTheRoutines() {
    OwnJvm.Result result =
        new OwnJvm()
            .run(RegisterTorture.class, Integer.toString(50_000 / SLOWNESS))
            .mustSucceed()
            .mustPrint("switch: ok")
            .mustPrint("park and wake: ok");
    List<String> planted =
        result.output().lines().filter(line -> line.startsWith("without ")).toList();
    assertTrue(REGISTERS.contains(planted.size()), result.output());
    for (String line : planted) {
      String[] leftOutAndFound = line.substring("without ".length()).split(": ");
      assertEquals(leftOutAndFound[0], leftOutAndFound[1], result.output());
    }
  }

  @Test
  void everyCalleeSavedRegisterSurvivesTheRoutinesOfForeignCoroutines() {
    OwnJvm.Result result =
        new OwnJvm()
            .run(ForeignRegisterTorture.class, Integer.toString(50_000 / SLOWNESS))
            .mustSucceed()
            .mustPrint("callback: ok")
            .mustPrint("callbackOfIntegers: ok")
            .mustPrint("yieldValue: ok");
    List<String> planted =
        result.output().lines().filter(line -> line.contains(" without ")).toList();
    assertTrue(REGISTERS.contains(planted.size() / 2), result.output());
    for (String line : planted) {
      String[] leftOutAndFound = line.replaceFirst(".* without ", "").split(": ");
      assertEquals(leftOutAndFound[0], leftOutAndFound[1], result.output());
    }
  }
}
