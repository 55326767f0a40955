package dev.stackful.real;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A short name for much output. */
final class Digest {
  private final MessageDigest digest;

  Digest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every JDK has it
    }
  }

  void add(byte[] bytes) {
    digest.update(bytes);
  }

  void add(String text) {
    add(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The first 16 digits, of all that was added. */
  String text() {
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }
}
