package dev.stackful.internal.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.internal.asm.Line;
import dev.stackful.internal.asm.Listing;
import dev.stackful.internal.os.Isa;
import dev.stackful.testing.Objdump;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The routines of foreign coroutines are what their listings say. */
final class ForeignRoutinesTest {
  @Test
  void amd64BytesAreWhatObjdumpReads() {
    Objdump.assertAgrees(Objdump.Isa.AMD64, ForeignRoutines.emit(Isa.AMD64));
  }

  @Test
  void aarch64BytesAreWhatObjdumpReads() {
    Objdump.assertAgrees(Objdump.Isa.AARCH64, ForeignRoutines.emit(Isa.AARCH64));
  }

  @Test
  void x18IsNeverNamed() {
    for (Line line : ForeignRoutines.emit(Isa.AARCH64).lines()) {
      assertFalse(line.text().matches(".*\\b[wx]18\\b.*"), line.text());
    }
  }

  /** A place where a stack goes on after a call must not be reached by br: see the routines. */
  @Test
  void cCodeOnAarch64IsGoneOnWithByARet() {
    Listing listing = ForeignRoutines.emit(Isa.AARCH64);
    List<String> branches =
        listing.lines().stream().map(Line::text).filter(t -> t.startsWith("br ")).toList();
    assertEquals(List.of("br x17"), branches);
  }

  @Test
  void aThunkFitsItsPlaceAndFindsItsSlot() {
    for (Isa isa : Isa.values()) {
      int bytes =
          ForeignRoutines.emit(isa).linesOf(ForeignRoutines.THUNK).stream()
              .mapToInt(line -> line.bytes().size())
              .sum();
      assertTrue(bytes <= Thunks.BYTES, isa + ": " + bytes);
    }
  }

  @Test
  void everyAarch64RoutineIsABranchTarget() {
    Listing listing = ForeignRoutines.emit(Isa.AARCH64);
    for (String routine : ForeignRoutines.NAMES) {
      List<Line> instructions =
          listing.linesOf(routine).stream().filter(Line::isInstruction).toList();
      assertEquals("bti c", instructions.getFirst().text(), routine);
    }
  }

  @Test
  void bothProcessorsHaveTheSameRoutines() {
    for (String routine : ForeignRoutines.NAMES) {
      ForeignRoutines.emit(Isa.AMD64).offsetOf(routine);
      ForeignRoutines.emit(Isa.AARCH64).offsetOf(routine);
    }
  }
}
