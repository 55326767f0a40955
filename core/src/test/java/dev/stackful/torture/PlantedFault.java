package dev.stackful.torture;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A program that has the fault which its argument names. */
public final class PlantedFault {
  private PlantedFault() {}

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "none" -> TortureJvm.report(4711);
      case "crash" -> {
        byte _ = MemorySegment.ofAddress(16).reinterpret(8).get(ValueLayout.JAVA_BYTE, 0);
      }
      case "hang" -> Thread.sleep(1_000_000);
      case "wrong" -> {
        TortureJvm.report(12);
        System.out.println("FAILED: planted");
      }
      case "silent" -> System.out.println("nothing is said of success");
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }
}
