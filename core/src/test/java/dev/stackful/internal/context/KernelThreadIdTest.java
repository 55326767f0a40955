package dev.stackful.internal.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.internal.frame.MappedRoutines;
import dev.stackful.internal.os.Isa;
import dev.stackful.internal.os.Signals;
import dev.stackful.internal.os.ThreadDescriptor;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The kernel thread's id is read where it stands, or the kernel is asked. */
final class KernelThreadIdTest {
  private static MappedRoutines routines(OptionalInt place) {
    return MappedRoutines.map(
        Routines.emit(Isa.require(), Signals.suspendResume(), place, RecentSwitches.map()));
  }

  @Test
  void glibcSaysWhereItStands() {
    OptionalInt place = ThreadDescriptor.offsetOfKernelThreadId();

    assertTrue(place.isPresent());
    assertTrue(KernelThreadId.isRight(routines(place)));
  }

  @Test
  void theKernelIsRightAboutIt() {
    assertTrue(KernelThreadId.isRight(routines(OptionalInt.empty())));
  }

  @Test
  void anotherPlaceIsNoticed() {
    int place = ThreadDescriptor.offsetOfKernelThreadId().orElseThrow();
    int noticed = 0;
    for (int offset = place - 64; offset <= place + 64; offset += Integer.BYTES) {
      if (offset != place && !KernelThreadId.isRight(routines(OptionalInt.of(offset)))) {
        noticed++;
      }
    }

    assertEquals(32, noticed);
    assertFalse(KernelThreadId.isRight(routines(OptionalInt.of(place + Integer.BYTES))));
  }

  @Test
  void itsThreadsInheritNothing() {
    InheritableThreadLocal<String> ours =
        new InheritableThreadLocal<>() {
          @Override
          protected String childValue(String value) {
            throw new AssertionError("inherited by a thread of the library");
          }
        };
    ours.set("ours");
    try {
      assertTrue(KernelThreadId.isRight(routines(OptionalInt.empty())));
    } finally {
      ours.remove();
    }
  }
}
