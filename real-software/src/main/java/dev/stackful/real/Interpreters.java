package dev.stackful.real;

import groovy.lang.GroovyShell;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ScriptableObject;
import org.python.util.PythonInterpreter;

/** Interpreters of other languages: at each call of a function of theirs by code of theirs. */
final class Interpreters {
  private Interpreters() {}

  static String groovy() {
    return String.valueOf(new GroovyShell().evaluate(Scripts.GROOVY));
  }

  static String rhinoInterpreted() {
    return rhino(true);
  }

  static String rhinoCompiled() {
    return rhino(false);
  }

  static String jython() {
    try (PythonInterpreter python = new PythonInterpreter()) {
      python.exec(Scripts.PYTHON);
      return python.get("result").toString();
    }
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
