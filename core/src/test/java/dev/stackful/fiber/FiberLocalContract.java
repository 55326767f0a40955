package dev.stackful.fiber;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stackful.Engine;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@link FiberLocal} and inherited scoped values promise, whatever the engine. */
abstract class FiberLocalContract extends FiberTesting {
  FiberLocalContract(Engine engine) {
    super(engine);
  }

  @Test
  void eachFiberHasItsOwnValueAndBeginsWithItsSpawners() throws Exception {
    FiberLocal<String> user = FiberLocal.of("nobody");
    run(
        () -> {
          log(user.get());
          user.set("alice");
          Fiber<?> child =
              runtime.launch(
                  () -> {
                    log("child: " + user.get());
                    user.set("bob");
                    runtime.launch(() -> log("grandchild: " + user.get())).join();
                  });
          user.set("carol");
          child.join();
          log(user.get());
          try (var scope = FiberScope.<String>open()) {
            Fiber<String> forked = scope.fork(() -> user.get());
            scope.join();
            log("forked: " + forked.join());
          }
        });
    runtime.launch(() -> log("from outside: " + user.get()));
    runtime.run();
    assertEquals(
        List.of(
            "nobody",
            "child: alice",
            "grandchild: bob",
            "carol",
            "forked: carol",
            "from outside: nobody"),
        log);
  }

  @Test
  void whereSetsTheEarlierValueAgain() throws Exception {
    FiberLocal<@Nullable String> local = FiberLocal.of(null);
    FiberLocal<Integer> other = FiberLocal.of(1);
    run(
        () -> {
          assertNull(local.get());
          log(
              local.where(
                  "inside",
                  () -> {
                    Fiber.yieldNow();
                    other.set(2);
                    return local.get();
                  }));
          assertNull(local.get());
          assertEquals(2, other.get());
          assertThrows(
              IllegalArgumentException.class,
              () -> local.where("", () -> "" + FiberContract.failing()));
          assertNull(local.get());
        });
    assertEquals(List.of("inside"), log);
    assertThrows(IllegalStateException.class, local::get);
    assertThrows(IllegalStateException.class, () -> other.set(3));
  }

  @Test
  void scopedValuesAreInheritedFromWhereAFiberIsSpawned() throws Exception {
    ScopedValue<String> name = ScopedValue.newInstance();
    ScopedValue<String> unbound = ScopedValue.newInstance();
    ScopedValue<String> notInherited = ScopedValue.newInstance();
    try (FiberRuntime scoped = builder().scopedValues(name, unbound).build()) {
      ScopedValue.where(name, "outer")
          .where(notInherited, "")
          .run(
              () ->
                  scoped.launch(
                      () -> {
                        log(name.get());
                        assertFalse(unbound.isBound());
                        assertFalse(notInherited.isBound());
                        scoped.launch(() -> log("child: " + name.get())).join();
                        ScopedValue.where(name, "inner")
                            .run(
                                () -> {
                                  Fiber.yieldNow();
                                  scoped.launch(() -> log("rebound: " + name.get())).join();
                                });
                        Fiber.yieldNow();
                        log(name.get());
                      }));
      scoped.launch(() -> assertFalse(name.isBound()));
      scoped.run();
    }
    assertThrows(IllegalArgumentException.class, () -> builder().scopedValues(name, name));
    assertEquals(List.of("outer", "child: outer", "rebound: inner", "outer"), log);
  }
}
