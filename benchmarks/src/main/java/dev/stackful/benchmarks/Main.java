package dev.stackful.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The command {@code stackful bench}: without arguments, or with {@code ratios}, the {@link
 * Report}; with {@code streams}, the {@link StreamReport}; anything else goes to JMH as it is.
 */
final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException, RunnerException {
    if (args.length == 0 || Arrays.equals(args, new String[] {"ratios"})) {
      new Report(System.out, System.err).run();
    } else if (Arrays.equals(args, new String[] {"streams"})) {
      new StreamReport(System.out, System.err).run();
    } else {
      org.openjdk.jmh.Main.main(args);
    }
  }
}
