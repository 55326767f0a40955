package dev.stackful;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stackful.testing.OwnJvm;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a coroutine that has got a stack, and then could not be entered. */
class FailedFirstResumesTest {
  @BeforeEach
  void onNative() {
    assumeTrue(Engine.NATIVE.isAvailable());
  }

  private static OwnJvm.Result run(String mode) {
    // interpreted: what takes how much of the stack doesn't change then
    return new OwnJvm()
        .with("-Xint")
        .within(Duration.ofSeconds(30))
        .run(FailedFirstResumes.class, mode)
        .mustSucceed();
  }

  @Test
  void itKeepsTheStackAndTakesNoOther() {
    run("stacks").mustPrint("no stack is lost");
  }

  @Test
  void itDoesNotBeginWhenTheJvmExitsButWhenItIsResumed() {
    run("exit").mustPrint("each began when it was resumed");
  }
}
