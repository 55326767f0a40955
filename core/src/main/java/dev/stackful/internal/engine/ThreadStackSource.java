package dev.stackful.internal.engine;

/** The handoff engine's stacks: a thread for each coroutine, started anew. */
public enum ThreadStackSource implements StackSource {
  /** Stacks of platform threads. */
  PLATFORM {
    @Override
    Thread.Builder builder(StackRequest request) {
      return Thread.ofPlatform().daemon().stackSize(request.stackSizeBytes());
    }
  },
  /** Stacks of virtual threads, which grow as needed: the size asked for says nothing. */
  VIRTUAL {
    @Override
    Thread.Builder builder(StackRequest request) {
      return Thread.ofVirtual();
    }
  };

  abstract Thread.Builder builder(StackRequest request);

  @Override
  public CoroutineStack take(StackRequest request, StackTask task) {
    Thread.Builder builder = builder(request).inheritInheritableThreadLocals(false);
    CoroutineStack stack = new ThreadStack(builder, request.threadName());
    stack.thread().setContextClassLoader(Thread.currentThread().getContextClassLoader());
    stack.task = task;
    return stack;
  }
}
