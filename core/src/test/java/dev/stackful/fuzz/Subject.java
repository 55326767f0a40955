package dev.stackful.fuzz;

import dev.stackful.Engine;
import dev.stackful.testing.CompiledC;
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
    Log expected(Program program, Log actual) {
      return new CoroutineModel(program).run();
    }

    @Override
    void run(Program program, Engine engine, Workers workers, Log log) throws Exception {
      new CoroutineRun(program, engine, workers, log).run();
    }
  },

  GENERATORS {
    @Override
    Program write(long seed) {
      return GeneratorWriter.write(seed);
    }

    @Override
    Log expected(Program program, Log actual) {
      return new GeneratorModel(program).run();
    }

    @Override
    void run(Program program, Engine engine, Workers workers, Log log) throws Exception {
      new GeneratorRun(program, engine, workers, log).run();
    }
  },

  FIBERS {
    @Override
    Program write(long seed) {
      return FiberWriter.write(seed);
    }

    @Override
    Log expected(Program program, Log actual) {
      return new FiberModel(program, actual).run();
    }

    @Override
    void run(Program program, Engine engine, Workers workers, Log log) throws Exception {
      new FiberRun(program, engine, log).run();
    }
  },

  FOREIGN {
    @Override
    Program write(long seed) {
      return ForeignWriter.write(seed);
    }

    @Override
    Log expected(Program program, Log actual) {
      return new ForeignModel(program).run();
    }

    @Override
    void run(Program program, Engine engine, Workers workers, Log log) throws Exception {
      new ForeignRun(program, engine, workers, log).run();
    }

    @Override
    List<String> flags() {
      return List.of("-D" + CompiledC.LIBRARY + "=" + CompiledC.library());
    }
  };

  /** The program of a seed: always the same. */
  abstract Program write(long seed);

  /**
   * What the model does.
   *
   * @param actual what an engine did: where that was left to chance, the model does the same, if it
   *     could be
   */
  abstract Log expected(Program program, Log actual);

  /** Runs the program with the library, on the calling thread. */
  abstract void run(Program program, Engine engine, Workers workers, Log log) throws Exception;

  /** What a JVM that runs its programs is to be given. A test that asks for it may be skipped. */
  List<String> flags() {
    return List.of();
  }

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
