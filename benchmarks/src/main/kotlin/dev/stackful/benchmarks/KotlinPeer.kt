package dev.stackful.benchmarks

import java.util.function.Consumer
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.async
import kotlinx.coroutines.cancel
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

/**
 * What the benchmarks of fibers do, by kotlinx.coroutines on the calling thread: the event loop of
 * `runBlocking`.
 *
 * These coroutines have no stacks: the compiler turns a `suspend` function into a state machine,
 * and only such a function may suspend.
 */
object KotlinPeer {
  /** Two coroutines that yield in turn, so many times together. */
  @JvmStatic
  fun yields(count: Int) = runBlocking {
    repeat(2) { launch { repeat(count / 2) { yield() } } }
  }

  /** So many coroutines, one after the other, each run to its end before the next one is made. */
  @JvmStatic
  fun spawns(count: Int, body: Runnable) = runBlocking {
    repeat(count) { launch { body.run() }.join() }
  }

  /** A value goes to another coroutine and back, so many times. */
  @JvmStatic
  fun pingPong(roundTrips: Int, value: Any): Any = runBlocking {
    val there = Channel<Any>(Channel.RENDEZVOUS)
    val back = Channel<Any>(Channel.RENDEZVOUS)
    launch { repeat(roundTrips) { back.send(there.receive()) } }
    var ball = value
    repeat(roundTrips) {
      there.send(ball)
      ball = back.receive()
    }
    ball
  }

  /** The sum of the numbers of a tree's leaves, one coroutine for each of its nodes. */
  @JvmStatic fun skynet(leaves: Int): Long = runBlocking { node(0, leaves) }

  private suspend fun node(first: Long, leaves: Int): Long {
    if (leaves == 1) {
      return first
    }
    return coroutineScope {
      val share = leaves / 10
      val children = List(10) { async { node(first + it * share, share) } }
      children.sumOf { it.await() }
    }
  }

  /** A sequence of elements. */
  @JvmStatic
  fun sequence(elements: Array<Any>): Iterator<Any> = iterator {
    for (element in elements) {
      yield(element)
    }
  }

  /** A flow of elements, which calls its collector with each. */
  @JvmStatic
  fun flow(elements: Array<Any>, collector: Consumer<Any>) = runBlocking {
    flowOf(elements).collect { collector.accept(it) }
  }

  /** The same with a buffer of 64 between. */
  @JvmStatic
  fun flowBuffered(elements: Array<Any>, collector: Consumer<Any>) = runBlocking {
    flowOf(elements).buffer(64).collect { collector.accept(it) }
  }

  private fun flowOf(elements: Array<Any>) = flow {
    for (element in elements) {
      emit(element)
    }
  }

  /** A node of a tree that is walked. */
  class Node(val value: Any, val children: List<Node>)

  /** The values of a tree, a node's before those below it, by a sequence for each node. */
  @JvmStatic fun walk(tree: Node): Iterator<Any> = nodes(tree).iterator()

  private fun nodes(node: Node): Sequence<Any> = sequence {
    yield(node.value)
    for (child in node.children) {
      yieldAll(nodes(child))
    }
  }

  /** Coroutines in a ring, which wait between two calls of [pass]. */
  class Ring(size: Int) : AutoCloseable {
    private val loop = Loop()
    private val scope = CoroutineScope(loop + Job())
    private val channels = List(size + 1) { Channel<Any>(Channel.RENDEZVOUS) }

    init {
      for (i in 0 until size) {
        scope.launch {
          while (true) {
            channels[i + 1].send(channels[i].receive())
          }
        }
      }
      loop.run()
    }

    /** A value goes around so many times. */
    fun pass(laps: Int, value: Any): Any {
      var token = value
      scope.launch {
        repeat(laps) {
          channels.first().send(token)
          token = channels.last().receive()
        }
      }
      loop.run()
      return token
    }

    override fun close() {
      scope.cancel()
      loop.run()
    }
  }

  /** The least event loop. It can be left and entered again, as that of `runBlocking` cannot. */
  private class Loop : CoroutineDispatcher() {
    private val ready = ArrayDeque<Runnable>()

    override fun dispatch(context: CoroutineContext, block: Runnable) {
      ready.addLast(block)
    }

    fun run() {
      while (true) {
        (ready.removeFirstOrNull() ?: return).run()
      }
    }
  }
}
