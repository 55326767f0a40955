package dev.stackful.examples;

import dev.stackful.Generator;
import dev.stackful.GeneratorIterator;
import dev.stackful.io.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON document that is written by Jackson while it is read: what stands behind an export that
 * has to be handed over as an {@code InputStream}, to a web framework or an object store, and must
 * not be held in memory. The rows come out of a generator, as they would out of a database.
 */
public final class JsonExport {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonExport() {}

  /**
   * A row.
   *
   * @param number counts from 1
   * @param date when
   * @param amount how much
   */
  public record Order(int number, LocalDate date, long amount) {}

  /**
   * Orders, made as they are asked for.
   *
   * @param count how many
   * @return a generator
   */
  public static Generator<Order> orders(int count) {
    return Generator.of(
        scope -> {
          LocalDate date = LocalDate.of(2025, 1, 1);
          for (int i = 1; i <= count; i++) {
            scope.yield(new Order(i, date, i * 7919L % 10_000));
            date = i % 100 == 0 ? date.plusDays(1) : date;
          }
        });
  }

  /**
   * The orders as an array of objects.
   *
   * @param orders the rows
   * @return a source of UTF-8
   */
  public static ByteSource json(Generator<Order> orders) {
    return ByteSource.of(
        out -> {
          try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out);
              GeneratorIterator<Order> rows = orders.iterator()) {
            json.writeStartArray();
            while (rows.hasNext()) {
              Order order = rows.next();
              json.writeStartObject();
              json.writeNumberProperty("number", order.number());
              json.writeStringProperty("date", order.date().toString());
              json.writeNumberProperty("amount", order.amount());
              json.writeEndObject();
            }
            json.writeEndArray();
          }
        });
  }

  /**
   * Prints orders as JSON.
   *
   * @param arguments how many; without one, three
   * @throws IOException never
   */
  public static void main(String[] arguments) throws IOException {
    int count = 3;
    try {
      count = arguments.length > 0 ? Integer.parseInt(String.join(" ", arguments)) : count;
    } catch (NumberFormatException e) {
      count = 0; // which is refused, too
    }
    if (count < 1) {
      System.err.println("usage: JsonExport [COUNT]; a whole number, one at least");
      System.exit(2);
    }
    try (InputStream in = json(orders(count)).openStream()) {
      in.transferTo(System.out);
    }
    System.out.println();
  }
}
