package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stackful.cli.Main;
import dev.stackful.testing.OwnJvm;
import dev.stackful.torture.Pulled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine that the system property chooses, for the whole program. */
final class ChosenEngineTest {
  @ParameterizedTest
  @ValueSource(strings = {"virtual-thread", "VIRTUAL_THREAD", "platform-thread"})
  void anEngineOfThreadsNeedsNoNativeAccessAndNoWarningIsPrinted(String name) {
    OwnJvm.Result result =
        new OwnJvm()
            .withoutNativeAccess()
            .with("-Dstackful.engine=" + name)
            .run(Main.class, "demo")
            .mustSucceed();
    assertEquals(demoOutput(), result.output());
  }

  @Test
  void aNameThatNoEngineHasIsAnsweredInALine() {
    String answer =
        "the system property stackful.engine is fast; it must be one of native, platform-thread,"
            + " virtual-thread";
    OwnJvm.Result demo = new OwnJvm().with("-Dstackful.engine=fast").run(Main.class, "demo");
    assertEquals(1, demo.exitStatus(), demo.output());
    assertEquals("stackful: " + answer + "\n", demo.output());

    OwnJvm.Result doctor = new OwnJvm().with("-Dstackful.engine=fast").run(Main.class, "doctor");
    assertEquals(1, doctor.exitStatus(), doctor.output());
    doctor.mustPrint("Coroutines that ask for no engine get none: " + answer + ".\n");
    doctor.mustPrint("Flags worth giving"); // the rest of the report is there all the same
  }

  @ParameterizedTest
  @CsvSource({"virtual-thread, its own", "platform-thread, its own", "native, 'the consumer''s'"})
  void onAnEngineOfThreadsAGeneratorAsksForNoNativeAccessEither(String name, String seen) {
    OwnJvm jvm = new OwnJvm().with("-Dstackful.engine=" + name);
    if (!name.equals("native")) {
      jvm.withoutNativeAccess();
    }
    assertEquals(seen + System.lineSeparator(), jvm.run(Pulled.class).mustSucceed().output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"virtual-thread", "platform-thread"})
  void withNativeAccessAGeneratorOnThreadsSeesItsConsumers(String name) {
    new OwnJvm()
        .with("-Dstackful.engine=" + name)
        .run(Pulled.class)
        .mustSucceed()
        .mustPrint("the consumer's");
  }

  private static String demoOutput() {
    try (var golden = Main.class.getResourceAsStream("c-fibers-output.txt")) {
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
