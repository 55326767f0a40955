package dev.stackful.fuzz;

import dev.stackful.Coroutine;
import dev.stackful.foreign.ForeignCallback;
import dev.stackful.fuzz.ForeignRun.Made;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a block of a program of foreign coroutines, on whatever thread. */
final class ForeignInterpreter extends Interpreter {
  private static final String OK = "ok";
  private static final String NOBODY = "nobody";
  private static final long STEPS = 10;

  private final ForeignRun run;

  ForeignInterpreter(ForeignRun run, String label) {
    super(run.log, label);
    this.run = run;
  }

  @Override
  String perform(Action action, @Nullable Throwable caught) {
    return switch ((ForeignAction) action) {
      case ForeignAction.New a -> run.make(a);
      case ForeignAction.Start a -> with(a.slot(), made -> start(made, a));
      case ForeignAction.Resume a ->
          with(a.slot(), made -> Boolean.toString(made.coroutine.resume()));
      case ForeignAction.ResumeWith a ->
          with(a.slot(), made -> Boolean.toString(made.coroutine.resume(a.answer())));
      case ForeignAction.Answer a -> with(a.slot(), made -> answer(made, a));
      case ForeignAction.GoOn a -> with(a.slot(), made -> goOn(made, a.value()));
      case ForeignAction.AnswerYielder a ->
          with(
              a.slot(),
              made -> {
                made.coroutine.yielder().answer(a.value());
                return OK;
              });
      case ForeignAction.Called a -> with(a.slot(), ForeignInterpreter::called);
      case ForeignAction.Result a ->
          with(a.slot(), made -> String.valueOf(made.coroutine.result()));
      case ForeignAction.States a -> run.states();
      case ForeignAction.Close a -> with(a.slot(), ForeignInterpreter::close);
      case ForeignAction.CloseNumber a -> close(run.number(a.number()));
      case ForeignAction.InBody a -> throw new AssertionError(a);
    };
  }

  private interface Use {
    String use(Made made);
  }

  private String with(Slot slot, Use use) {
    Made made = run.slot(slot);
    return made == null ? NOBODY : use.use(made);
  }

  private static String close(Made made) {
    made.coroutine.close();
    return OK;
  }

  private String start(Made made, ForeignAction.Start action) {
    ForeignCallback yielder = made.coroutine.yielder(); // refuses as the start would
    List<Object> arguments = arguments(made, yielder, action);
    MemorySegment function = ForeignRun.function(action.function());
    switch (action.flaw()) {
      case NONE -> {
        // all is right
      }
      case NO_FUNCTION -> function = MemorySegment.NULL;
      case TOO_FEW_ARGUMENTS -> arguments.removeLast();
      case WRONG_TYPE -> arguments.set(0, "a text");
      case ON_THE_HEAP -> arguments.set(0, MemorySegment.ofArray(new byte[1]));
    }
    made.coroutine.start(function, action.function().descriptor(), arguments.toArray());
    return OK;
  }

  private List<Object> arguments(Made made, ForeignCallback yielder, ForeignAction.Start action) {
    long size = action.size();
    List<Object> arguments = new ArrayList<>();
    switch (action.function()) {
      case COUNT_UP, RECURSE -> arguments.addAll(List.of(yielder.function(), size));
      case WORK -> arguments.addAll(List.of(yielder.function(), size, STEPS));
      case PARSE -> arguments.add(run.arena.allocateFrom(ForeignFunction.text(action.size())));
      case PASS_INT, PASS_BYTE, PASS_DOUBLE -> {
        // the callback comes first
      }
    }
    for (String callback : action.function().callbacks()) {
      arguments.add(made.callback(callback).function());
    }
    List<Integer> values = ForeignFunction.values(action.size());
    Arena arena = run.arena;
    switch (action.function()) {
      case PASS_INT ->
          arguments.add(
              arena.allocateFrom(
                  ValueLayout.JAVA_INT, values.stream().mapToInt(value -> value).toArray()));
      case PASS_BYTE -> {
        byte[] bytes = new byte[values.size()];
        Arrays.setAll(new int[bytes.length], i -> bytes[i] = values.get(i).byteValue());
        arguments.add(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
      }
      case PASS_DOUBLE ->
          arguments.add(
              arena.allocateFrom(
                  ValueLayout.JAVA_DOUBLE, values.stream().mapToDouble(value -> value).toArray()));
      default -> {
        // it has all
      }
    }
    return arguments;
  }

  private static String called(Made made) {
    ForeignCallback called = made.coroutine.called();
    List<Object> arguments = new ArrayList<>();
    for (int i = 0; i < called.descriptor().argumentLayouts().size(); i++) {
      arguments.add(called.get(i));
    }
    return made.nameOf(called) + arguments;
  }

  private static String answer(Made made, ForeignAction.Answer action) {
    ForeignCallback called = made.coroutine.called();
    int value = action.value();
    switch (action.type()) {
      case INTEGER -> called.answer((long) value);
      case BOOLEAN -> called.answer(value != 0);
      case FLOAT -> called.answer((float) value);
      case DOUBLE -> called.answer((double) value);
      case POINTER -> called.answer(MemorySegment.ofAddress(value));
    }
    return OK;
  }

  private static String goOn(Made made, int value) {
    ForeignCallback called = made.coroutine.called();
    Optional<MemoryLayout> wanted = called.descriptor().returnLayout();
    if (wanted.isPresent()) {
      switch (wanted.get()) {
        case AddressLayout l -> called.answer(MemorySegment.ofAddress(value));
        case ValueLayout.OfDouble l -> called.answer((double) value);
        default -> called.answer((long) value);
      }
    }
    return Boolean.toString(made.coroutine.resume());
  }

  @Override
  boolean within(Action bracket, Block body, @Nullable Throwable caught) throws Exception {
    if (bracket instanceof ForeignAction.InBody) {
      ForeignInterpreter inside = new ForeignInterpreter(run, label + "/body");
      // On a thread that no other body has had: what is confined to it is nobody else's.
      Coroutine<@Nullable Void, Boolean> coroutine =
          Coroutine.builder()
              .engine(run.engine)
              .freshStack(true)
              .build((self, first) -> inside.runAndClose(body, caught));
      return coroutine.resume();
    }
    Elsewhere elsewhere = (Elsewhere) bracket;
    if (run.workers.isBusy(elsewhere.worker())) {
      log.add(label + ": w" + elsewhere.worker() + " is busy");
      return false;
    }
    ForeignInterpreter there = new ForeignInterpreter(run, label + "/w" + elsewhere.worker());
    return run.workers.call(elsewhere.worker(), () -> there.runAndClose(body, caught));
  }

  private boolean runAndClose(Block body, @Nullable Throwable caught) throws Exception {
    try {
      return run(body, caught);
    } finally {
      run.closeOwn();
    }
  }
}
