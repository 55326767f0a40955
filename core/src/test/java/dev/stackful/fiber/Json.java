package dev.stackful.fiber;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A strict reader of JSON (RFC 8259), for tests: maps, lists, strings, doubles, booleans, null. */
public final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Reads a text that is one value, or throws an AssertionError that says where it isn't. */
  public static @Nullable Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.space();
    if (json.at != text.length()) {
      throw json.error("the end");
    }
    return value;
  }

  private AssertionError error(String expected) {
    String rest = text.substring(at, Math.min(text.length(), at + 40));
    return new AssertionError("not JSON: " + expected + " expected at " + at + ": " + rest);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(String token) {
    space();
    boolean there = text.startsWith(token, at);
    at += there ? token.length() : 0;
    return there;
  }

  private void need(String token) {
    if (!take(token)) {
      throw error(token);
    }
  }

  private @Nullable Object value() {
    if (take("{")) {
      Map<String, @Nullable Object> object = new LinkedHashMap<>();
      if (!take("}")) {
        do {
          need("\"");
          String name = string();
          need(":");
          if (object.containsKey(name)) {
            throw error("another name than " + name);
          }
          object.put(name, value());
        } while (take(","));
        need("}");
      }
      return object;
    }
    if (take("[")) {
      List<@Nullable Object> array = new ArrayList<>();
      if (!take("]")) {
        do {
          array.add(value());
        } while (take(","));
        need("]");
      }
      return array;
    }
    if (take("\"")) {
      return string();
    }
    if (take("true")) {
      return true;
    }
    if (take("false")) {
      return false;
    }
    return take("null") ? null : number();
  }

  /** The quotation mark has been taken. */
  private String string() {
    StringBuilder value = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      if (c < ' ') {
        throw error("no control character");
      }
      value.append(c == '\\' ? escaped() : c);
    }
    throw error("\"");
  }

  private char escaped() {
    char c = text.charAt(at++);
    int plain = "\"\\/bfnrt".indexOf(c);
    if (plain >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(plain);
    }
    if (c != 'u' || at + 4 > text.length()) {
      throw error("an escape");
    }
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }

  private Double number() {
    var matcher =
        java.util.regex.Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?").matcher(text);
    if (!matcher.region(at, text.length()).lookingAt()) {
      throw error("a value");
    }
    at = matcher.end();
    return Double.valueOf(matcher.group());
  }
}
