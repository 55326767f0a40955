package dev.stackful.examples.lua;

import dev.stackful.Coroutine;
import dev.stackful.NotResumableException;
import dev.stackful.Yielder;
import java.util.function.UnaryOperator;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaThread;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/**
 * A coroutine of Lua that is one of this library's. LuaJ runs each on a thread of its own, and
 * hands control over with {@code wait} and {@code notify}.
 *
 * <p>LuaJ's interpreter is left as it is: what stands on the stack when Lua code yields are LuaJ's
 * own frames, {@code pcall} and the sort inside {@code table.sort} among them.
 */
public final class LuaCoroutine extends LuaThread {
  private final Coroutine<Varargs, Varargs> coroutine;

  private LuaCoroutine(Globals globals, LuaValue function) {
    super(globals, function);
    coroutine = body(function);
  }

  /** Has no {@code this}: a body that refers to its own handle is never found abandoned. */
  private static Coroutine<Varargs, Varargs> body(LuaValue function) {
    return Coroutine.of((self, arguments) -> function.invoke(arguments));
  }

  /** Puts the coroutines of some globals on this library, before they run any Lua code. */
  public static void install(Globals globals) {
    LuaTable library = globals.get("coroutine").checktable();
    library.set("create", function(arguments -> create(globals, arguments)));
    library.set("wrap", function(arguments -> wrap(create(globals, arguments))));
    library.set("yield", function(arguments -> suspend(globals, arguments)));
    // Its resume, status and running are LuaJ's: they call what is overridden below.
  }

  private static LuaCoroutine create(Globals globals, Varargs arguments) {
    return new LuaCoroutine(globals, arguments.checkfunction(1));
  }

  private static LuaValue wrap(LuaCoroutine coroutine) {
    return function(
        arguments -> {
          Varargs result = coroutine.resume(arguments);
          if (!result.arg1().toboolean()) {
            throw new LuaError(result.arg(2));
          }
          return result.subargs(2);
        });
  }

  private static Varargs suspend(Globals globals, Varargs arguments) {
    if (!(globals.running instanceof LuaCoroutine)) {
      throw new LuaError("attempt to yield from outside a coroutine");
    }
    // LuaJ calls this function without a word of who is running: the library knows it.
    return Yielder.<Varargs, Varargs>current().yield(copy(arguments));
  }

  @Override
  public Varargs resume(Varargs arguments) {
    LuaThread resumer = globals.running;
    globals.running = this;
    try {
      return varargsOf(TRUE, coroutine.resume(copy(arguments)));
    } catch (NotResumableException e) {
      String state = coroutine.isDone() ? "dead" : "non-suspended";
      return varargsOf(FALSE, valueOf("cannot resume " + state + " coroutine"));
    } catch (LuaError e) {
      return varargsOf(FALSE, e.getMessageObject());
    } finally {
      globals.running = resumer;
    }
  }

  @Override
  public String getStatus() {
    return switch (coroutine.state()) {
      case NEW, SUSPENDED -> "suspended";
      case RUNNING -> "running";
      case NORMAL -> "normal";
      case DONE -> "dead";
    };
  }

  /** The arguments may be a part of the caller's registers, which its next turn overwrites. */
  private static Varargs copy(Varargs arguments) {
    LuaValue[] values = new LuaValue[arguments.narg()];
    for (int i = 0; i < values.length; i++) {
      values[i] = arguments.arg(i + 1);
    }
    return varargsOf(values);
  }

  private static LuaValue function(UnaryOperator<Varargs> body) {
    return new VarArgFunction() {
      @Override
      public Varargs invoke(Varargs arguments) {
        return body.apply(arguments);
      }
    };
  }
}
