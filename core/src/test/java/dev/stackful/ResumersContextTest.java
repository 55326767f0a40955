package dev.stackful;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stackful.internal.engine.CoroutineStack;
import dev.stackful.internal.engine.StackRequest;
import dev.stackful.internal.engine.StackTask;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interrupt of a resumer that waits in Java, right when the body ends. */
class ResumersContextTest {
  private static final class Nothing implements StackTask {
    @Override
    public void run() {}

    @Override
    public String name() {
      return "nothing";
    }

    @Override
    public boolean isDone() {
      return true;
    }

    @Override
    public boolean tryHold() {
      return false;
    }

    @Override
    public void unhold() {}
  }

  private static CoroutineStack ended(Engine engine) {
    CoroutineStack stack = engine.stacks().take(new StackRequest(null, 0, false), new Nothing());
    stack.enter();
    return stack;
  }

  @ParameterizedTest
  @EnumSource(names = {"PLATFORM_THREAD", "VIRTUAL_THREAD"})
  void whatComesAfterTheBodysLastLookComesBack(Engine engine) {
    ResumersContext context = Objects.requireNonNull(ResumersContext.of(Coroutine.Context.RESUMER));
    CoroutineStack left = ended(engine);

    context.give(left.thread());
    context.takeBack(left, true);

    assertTrue(Thread.interrupted());
  }
}
