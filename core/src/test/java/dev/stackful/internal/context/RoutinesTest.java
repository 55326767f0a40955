package dev.stackful.internal.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
  void amd64BytesOfNativeCoroutinesAreWhatObjdumpReads() {
    Objdump.assertAgrees(Objdump.Isa.AMD64, NativeRoutines.emit(Isa.AMD64));
  }

  @Test
  void aarch64BytesOfNativeCoroutinesAreWhatObjdumpReads() {
    Objdump.assertAgrees(Objdump.Isa.AARCH64, NativeRoutines.emit(Isa.AARCH64));
  }

  @Test
  void x18IsNeverNamed() {
    for (Listing listing :
        List.of(Routines.emit(Isa.AARCH64, SIGUSR2), NativeRoutines.emit(Isa.AARCH64))) {
      for (Line line : listing.lines()) {
        assertFalse(line.text().matches(".*\\b[wx]18\\b.*"), line.text());
      }
    }
  }

  /** A call behind which a stack is gone on with must not be reached by br: see the routines. */
  @Test
  void cCodeOnAarch64IsGoneOnWithByARet() {
    Listing listing = NativeRoutines.emit(Isa.AARCH64);
    List<String> branches =
        listing.lines().stream().map(Line::text).filter(t -> t.startsWith("br ")).toList();
    assertEquals(List.of("br x17"), branches);
  }

  @Test
  void aThunkFitsItsPlaceAndFindsItsSlot() {
    for (Isa isa : Isa.values()) {
      int bytes =
          NativeRoutines.emit(isa).linesOf(NativeRoutines.THUNK).stream()
              .mapToInt(line -> line.bytes().size())
              .sum();
      assertTrue(bytes <= Thunks.BYTES, isa + ": " + bytes);
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
    Listing ofNative = NativeRoutines.emit(Isa.AARCH64);
    for (String routine : NativeRoutines.NAMES) {
      List<Line> instructions =
          ofNative.linesOf(routine).stream().filter(Line::isInstruction).toList();
      assertEquals("bti c", instructions.getFirst().text(), routine);
    }
  }

  @Test
  void bothProcessorsHaveTheSameRoutines() {
    for (String routine : Routines.NAMES) {
      Routines.emit(Isa.AMD64, SIGUSR2).offsetOf(routine);
      Routines.emit(Isa.AARCH64, SIGUSR2).offsetOf(routine);
    }
    for (String routine : NativeRoutines.NAMES) {
      NativeRoutines.emit(Isa.AMD64).offsetOf(routine);
      NativeRoutines.emit(Isa.AARCH64).offsetOf(routine);
    }
  }

  @Test
  void theSuspendResumeSignalIsThatOfTheVm() {
    int other = 40;
    String listing = Routines.emit(Isa.AMD64, other).toString();
    assertFalse(listing.contains("0xc\n") || listing.contains(",0xc "), listing);
  }
}
