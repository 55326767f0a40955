package dev.stackful.benchmarks;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/**
 * A program that keeps all processors busy until its input ends. Its first line of output says that
 * it has begun. {@link BusyMachine} runs it.
 */
final class BusyMain {
  private BusyMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int processors = Runtime.getRuntime().availableProcessors();
    CountDownLatch begun = new CountDownLatch(processors);
    for (int i = 0; i < processors; i++) {
      Thread.ofPlatform().daemon().start(() -> keepBusy(begun));
    }
    begun.await();
    System.out.println("busy");
    while (System.in.read() >= 0) {
      // nothing comes but the end
    }
  }

  private static void keepBusy(CountDownLatch begun) {
    begun.countDown();
    while (true) {
      // no pause: it takes what it can get
    }
  }
}
