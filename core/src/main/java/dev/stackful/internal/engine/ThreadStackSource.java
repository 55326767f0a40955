package dev.stackful.internal.engine;

/** The handoff engine's stacks: a thread for each coroutine, started anew. */
public enum ThreadStackSource implements StackSource {
  /** Stacks of platform threads. */
  PLATFORM {
    @Override
    ThreadStack stack(String threadName, StackRequest request) {
      return ThreadStack.onPlatformThread(threadName, request.stackSizeBytes());
    }
  },
  /** Stacks of virtual threads, which grow as needed: the size asked for says nothing. */
  VIRTUAL {
    @Override
    ThreadStack stack(String threadName, StackRequest request) {
      return ThreadStack.onVirtualThread(threadName);
    }
  };

  abstract ThreadStack stack(String threadName, StackRequest request);

  @Override
  public CoroutineStack take(StackRequest request, StackTask task) {
    String given = request.threadName();
    ThreadStack stack = stack(given == null ? task.name() : given, request);
    stack.thread().setContextClassLoader(Thread.currentThread().getContextClassLoader());
    stack.task = task;
    return stack;
  }
}
