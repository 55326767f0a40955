package hello

import dev.stackful.Generator
import dev.stackful.GeneratorScope
import dev.stackful.fiber.Channel
import dev.stackful.fiber.Fiber
import dev.stackful.fiber.FiberClock
import dev.stackful.fiber.FiberLocal
import dev.stackful.fiber.FiberRuntime
import dev.stackful.fiber.FiberScope
import dev.stackful.fiber.FiberScope.Joiner
import dev.stackful.fiber.Mutex
import java.time.Duration

/** Fibers in Kotlin. What a lambda behind the parentheses returns must not be lost. */
fun main() {
  FiberRuntime.builder().clock(FiberClock.virtual()).build().use { runtime ->
    val channel = Channel.bounded<String>(1)
    val one: Fiber<Int> = runtime.spawn { 1 }
    val two: Fiber<Int> = runtime.spawn("two") { 2 }
    val nothing: Fiber<String?> = runtime.spawn("nothing") { null }
    runtime.launch { channel.use { it.send("sent") } }
    runtime.launch("prints") {
      println("joined ${one.join()}, ${two.join()}, ${nothing.join()}")
      channel.forEach(::println)
      println(scoped())
      timed()
      val local = FiberLocal.of("initial")
      println(local.where<_, Exception>("bound") { local.get() })
      println(Mutex.create().withLock<_, Exception> { "locked" })
      println(Fiber.blocking<_, Exception> { "blocked" })
    }
    runtime.run()
  }
  println("generator ${walked(listOf(1, listOf(2, listOf(3)), 4))}")
  println("sequence  ${sequenceOf(listOf(1, listOf(2, listOf(3)), 4)).toList()}")
}

/** Out of a lambda that isn't inlined, where a sequence could not yield. */
private fun walked(tree: Any): List<Int> =
    Generator.of<Int> { scope -> walk(scope, tree) }.iterator().use { it.asSequence().toList() }

private fun walk(scope: GeneratorScope<Int>, node: Any) {
  if (node is List<*>) {
    java.util.Optional.of(node).ifPresent { children -> children.forEach { walk(scope, it!!) } }
  } else {
    scope.yield(node as Int)
  }
}

private fun sequenceOf(node: Any): Sequence<Int> = sequence {
  if (node is List<*>) {
    node.forEach { yieldAll(sequenceOf(it!!)) }
  } else {
    yield(node as Int)
  }
}

private fun scoped(): List<Int?> =
    FiberScope.open(Joiner.allSuccessfulOrThrow<Int?>()).use { scope ->
      scope.fork { 3 }
      scope.fork("four") { 4 }
      scope.launch { Fiber.yieldNow() }
      scope.launch("nothing") {}
      scope.join()
    }

private fun timed() {
  val second = Duration.ofSeconds(1)
  println(Fiber.timeout<_, Exception>(second) { "in time" })
  Fiber.runWithin(second) { println("without a result") }
}
