package dev.stackful.fuzz;

import dev.stackful.Engine;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What random programs are about. */
enum Subject {
  COROUTINES {
    @Override
    Program write(long seed) {
      return CoroutineWriter.write(seed);
    }

    @Override
    Log expected(Program program) {
      return new CoroutineModel(program).run();
    }

    @Override
    void run(Program program, Engine engine, Workers workers, Log log) throws Exception {
      new CoroutineRun(program, engine, workers, log).run();
    }
  };

  /** The program of a seed: always the same. */
  abstract Program write(long seed);

  /** What the model does. */
  abstract Log expected(Program program);

  /** Runs the program with the library, on the calling thread. */
  abstract void run(Program program, Engine engine, Workers workers, Log log) throws Exception;

  /** The name in the command's arguments. */
  String commandName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Subject named(String commandName) {
    return Arrays.stream(values())
        .filter(subject -> subject.commandName().equals(commandName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no subject " + commandName + "; there are " + names()));
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Subject::commandName).toList();
  }
}
