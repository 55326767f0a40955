package dev.stackful.internal.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Isa;
import dev.stackful.testing.Objdump;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The routines are what their listings say. */
final class RoutinesTest {
  private static final int SIGUSR2 = 12;

  /** Of the kernel thread's id, from the thread pointer: not known, after it, before it. */
  private static final List<OptionalInt> PLACES =
      List.of(OptionalInt.empty(), OptionalInt.of(720), OptionalInt.of(-1696));

  private static final long SOME_ADDRESS = 0x7f12_3456_7000L;

  @Test
  void amd64BytesAreWhatObjdumpReads() {
    for (OptionalInt id : PLACES) {
      Objdump.assertAgrees(Objdump.Isa.AMD64, Routines.emit(Isa.AMD64, SIGUSR2, id, SOME_ADDRESS));
    }
  }

  @Test
  void aarch64BytesAreWhatObjdumpReads() {
    for (OptionalInt id : PLACES) {
      Objdump.assertAgrees(
          Objdump.Isa.AARCH64, Routines.emit(Isa.AARCH64, SIGUSR2, id, SOME_ADDRESS));
    }
  }

  @Test
  void x18IsNeverNamed() {
    for (Line line :
        Routines.emit(Isa.AARCH64, SIGUSR2, OptionalInt.of(720), SOME_ADDRESS).lines()) {
      assertFalse(line.text().matches(".*\\b[wx]18\\b.*"), line.text());
    }
  }

  @Test
  void everyAarch64RoutineIsABranchTarget() {
    Listing listing = Routines.emit(Isa.AARCH64, SIGUSR2, OptionalInt.of(720), SOME_ADDRESS);
    for (String routine : Routines.NAMES) {
      List<Line> instructions =
          listing.linesOf(routine).stream().filter(Line::isInstruction).toList();
      assertEquals("bti c", instructions.getFirst().text(), routine);
    }
  }

  @Test
  void bothProcessorsHaveTheSameRoutines() {
    for (String routine : Routines.NAMES) {
      Routines.emit(Isa.AMD64, SIGUSR2, OptionalInt.of(720), SOME_ADDRESS).offsetOf(routine);
      Routines.emit(Isa.AARCH64, SIGUSR2, OptionalInt.of(720), SOME_ADDRESS).offsetOf(routine);
    }
  }

  @Test
  void theSuspendResumeSignalIsThatOfTheVm() {
    int other = 40;
    String listing = Routines.emit(Isa.AMD64, other, OptionalInt.of(720), SOME_ADDRESS).toString();
    assertFalse(listing.contains("0xc\n") || listing.contains(",0xc "), listing);
  }
}
