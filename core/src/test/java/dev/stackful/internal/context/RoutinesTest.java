package dev.stackful.internal.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Isa;
import dev.stackful.testing.Objdump;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The routines are what their listings say. */
final class RoutinesTest {
  private static final int SIGUSR2 = 12;

  @Test
  void amd64BytesAreWhatObjdumpReads() {
    Objdump.assertAgrees(Objdump.Isa.AMD64, Routines.emit(Isa.AMD64, SIGUSR2));
  }

  @Test
  void aarch64BytesAreWhatObjdumpReads() {
    Objdump.assertAgrees(Objdump.Isa.AARCH64, Routines.emit(Isa.AARCH64, SIGUSR2));
  }

  @Test
  void x18IsNeverNamed() {
    for (Line line : Routines.emit(Isa.AARCH64, SIGUSR2).lines()) {
      assertFalse(line.text().matches(".*\\b[wx]18\\b.*"), line.text());
    }
  }

  @Test
  void everyAarch64RoutineIsABranchTarget() {
    Listing listing = Routines.emit(Isa.AARCH64, SIGUSR2);
    for (String routine : Routines.NAMES) {
      List<Line> instructions =
          listing.linesOf(routine).stream().filter(Line::isInstruction).toList();
      assertEquals("bti c", instructions.getFirst().text(), routine);
    }
  }

  @Test
  void bothProcessorsHaveTheSameRoutines() {
    for (String routine : Routines.NAMES) {
      Routines.emit(Isa.AMD64, SIGUSR2).offsetOf(routine);
      Routines.emit(Isa.AARCH64, SIGUSR2).offsetOf(routine);
    }
  }

  @Test
  void theSuspendResumeSignalIsThatOfTheVm() {
    int other = 40;
    String listing = Routines.emit(Isa.AMD64, other).toString();
    assertFalse(listing.contains("0xc\n") || listing.contains(",0xc "), listing);
  }
}
