package dev.stackful.internal.engine;

/** The handoff engine's stacks: a thread for each coroutine, started anew. */
public enum ThreadStackSource implements StackSource {
  /** Stacks of platform threads. */
  PLATFORM {
    @Override
    ThreadStack stack(StackRequest request) {
      return ThreadStack.onPlatformThread(request.threadName(), request.stackSizeBytes());
    }
  },
  /** Stacks of virtual threads, which grow as needed: the size asked for says nothing. */
  VIRTUAL {
    @Override
    ThreadStack stack(StackRequest request) {
      return ThreadStack.onVirtualThread(request.threadName());
    }
  };

  abstract ThreadStack stack(StackRequest request);

  @Override
  public CoroutineStack take(StackRequest request, StackTask task) {
    ThreadStack stack = stack(request);
    stack.thread().setContextClassLoader(Thread.currentThread().getContextClassLoader());
    stack.task = task;
    return stack;
  }
}
