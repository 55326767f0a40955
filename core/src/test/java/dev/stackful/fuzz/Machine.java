package dev.stackful.fuzz;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program without the library: step by step, with the stacks of all threads and coroutines
 * in its own hands. What an action does, a subclass knows.
 */
abstract class Machine {
  final Program program;
  final Log log = new Log();

  /** Who runs. All others wait. */
  Strand current;

  private boolean over;

  Machine(Program program, Strand main) {
    this.program = program;
    this.current = main;
  }

  /** Runs it to its end and returns what it has logged. */
  final Log run() {
    while (!over) {
      Strand running = current;
      Strand.Frame frame = running.frames.peek();
      if (frame == null) {
        ended(running);
      } else {
        frame.step();
      }
    }
    return log;
  }

  /** The program has come to its end. */
  final void stop() {
    over = true;
  }

  /**
   * Does an action: {@linkplain Strand#give gives} the strand a value, {@linkplain Strand#raise
   * raises} an exception, or makes another strand the current one until that is done.
   */
  abstract void perform(Strand strand, Action action);

  /** Begins a block inside something. */
  abstract void within(Strand strand, Action bracket, Block body);

  /** A strand has no frame left; its signal tells how it ended. */
  abstract void ended(Strand strand);

  final void runBlock(Strand strand, Block block) {
    strand.push(new BlockFrame(strand, block));
  }

  final Thrown newThrown(Sort sort) {
    return Thrown.planned(sort, log.nextException());
  }

  private void execute(Strand strand, Statement statement) {
    switch (statement) {
      case Statement.Do s -> begin(strand, s.action(), s.guarded());
      case Statement.Within s -> within(strand, s.bracket(), s.body());
      case Statement.Repeat s -> strand.push(new RepeatFrame(strand, s));
      case Statement.Try s -> {
        strand.push(new TryFrame(strand, s));
        runBlock(strand, s.body());
      }
      case Statement.Throw s -> strand.raise(newThrown(s.sort()));
      case Statement.Rethrow s -> {
        Thrown caught = strand.caught();
        if (caught != null) {
          strand.raise(caught);
        }
      }
      case Statement.Return s -> strand.signal = Strand.Signal.RETURNING;
    }
  }

  final void begin(Strand strand, Action action, boolean guarded) {
    log.add(strand.label + ": " + action);
    strand.push(new ActionFrame(strand, action, guarded));
    perform(strand, action);
  }

  private final class BlockFrame implements Strand.Frame {
    private final Strand strand;
    private final Block block;
    private int next;

    BlockFrame(Strand strand, Block block) {
      this.strand = strand;
      this.block = block;
    }

    @Override
    public void step() {
      if (strand.signal != Strand.Signal.NORMAL
          || next == block.statements().size()
          || !log.spend()) {
        strand.pop();
      } else {
        execute(strand, block.statements().get(next++));
      }
    }
  }

  /** Waits for what comes of an action, and logs that. */
  private final class ActionFrame implements Strand.Frame {
    private final Strand strand;
    private final Action action;
    private final boolean guarded;

    ActionFrame(Strand strand, Action action, boolean guarded) {
      this.strand = strand;
      this.action = action;
      this.guarded = guarded;
    }

    @Override
    public void step() {
      strand.pop();
      if (strand.isThrowing()) {
        Thrown thrown = Objects.requireNonNull(strand.thrown);
        log.add(strand.label + ": " + action + " throws " + thrown);
        if (guarded && thrown.sort() != Sort.UNWINDING) {
          strand.take();
        }
      } else {
        log.add(strand.label + ": " + action + " -> " + strand.value);
      }
    }
  }

  private final class RepeatFrame implements Strand.Frame {
    private final Strand strand;
    private final Block body;
    private int left;

    RepeatFrame(Strand strand, Statement.Repeat statement) {
      this.strand = strand;
      this.body = statement.body();
      this.left = statement.times();
    }

    @Override
    public void step() {
      if (strand.signal != Strand.Signal.NORMAL || left == 0) {
        strand.pop();
      } else {
        left--;
        runBlock(strand, body);
      }
    }
  }

  /** A try, with its body above it, then its handler, then its finally. */
  final class TryFrame implements Strand.Frame {
    private final Strand strand;
    private final Statement.Try statement;
    private Part part = Part.BODY;
    private @Nullable Thrown caught;

    /** How the body, or the handler, has ended: that is put off until the finally has. */
    private Strand.Signal before = Strand.Signal.NORMAL;

    private @Nullable Thrown thrownBefore;

    private enum Part {
      BODY,
      HANDLER,
      LAST
    }

    TryFrame(Strand strand, Statement.Try statement) {
      this.strand = strand;
      this.statement = statement;
    }

    /** What is caught, while the handler runs. */
    @Nullable Thrown caught() {
      return part == Part.HANDLER ? caught : null;
    }

    @Override
    public void step() {
      if (part == Part.LAST) {
        strand.pop();
        if (strand.signal == Strand.Signal.NORMAL) {
          strand.signal = before;
          strand.thrown = thrownBefore;
        }
        return;
      }
      if (part == Part.BODY
          && strand.isThrowing()
          && statement.what().catches(Objects.requireNonNull(strand.thrown).sort())) {
        part = Part.HANDLER;
        caught = strand.take();
        log.add(strand.label + ": catches " + caught);
        runBlock(strand, statement.handler());
        return;
      }
      part = Part.LAST;
      before = strand.signal;
      thrownBefore = strand.thrown;
      strand.signal = Strand.Signal.NORMAL;
      strand.thrown = null;
      runBlock(strand, statement.last());
    }
  }
}
