package dev.stackful.real;

import groovy.lang.GroovyShell;
import java.util.function.Supplier;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ScriptableObject;
import org.python.util.PythonInterpreter;

/** Interpreters of other languages: at each call of a function of theirs by code of theirs. */
enum Interpreters implements Program {
  GROOVY(() -> String.valueOf(new GroovyShell().evaluate(Scripts.GROOVY))),
  RHINO_INTERPRETED(() -> rhino(true)),
  RHINO_COMPILED(() -> rhino(false)),
  JYTHON(
      () -> {
        try (PythonInterpreter python = new PythonInterpreter()) {
          python.exec(Scripts.PYTHON);
          return python.get("result").toString();
        }
      });

  private final Supplier<String> script;

  Interpreters(Supplier<String> script) {
    this.script = script;
  }

  @Override
  public String run() {
    return script.get();
  }

  private static String rhino(boolean interpreted) {
    try (Context context = Context.enter()) {
      context.setLanguageVersion(Context.VERSION_ES6);
      context.setInterpretedMode(interpreted);
      ScriptableObject scope = context.initStandardObjects();
      return Context.toString(context.evaluateString(scope, Scripts.JAVASCRIPT, "script", 1, null));
    }
  }
}
