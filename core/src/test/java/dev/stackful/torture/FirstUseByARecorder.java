package dev.stackful.torture;

import dev.stackful.Coroutine;
import dev.stackful.Engine;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;

/**
 * The program's first coroutine is used by a listener of the Flight Recorder, which calls it with a
 * lock of its own: no other thread of the library may need that lock before the first has gone on.
 */
public final class FirstUseByARecorder {
  private FirstUseByARecorder() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    FlightRecorder.addListener(
        new FlightRecorderListener() {
          @Override
          public void recorderInitialized(FlightRecorder recorder) {
            Coroutine<String, String> first =
                Coroutine.builder().engine(Engine.NATIVE).build((self, in) -> in + "!");
            System.out.println("first " + first.resume("use"));
          }
        });
    new Recording().close();
    System.out.println("recorded");
  }
}
