package dev.stackful.benchmarks

/** A binary tree, walked by a sequence of Kotlin's: what docs/choosing.md shows. */
object TreeSequence {
  class Node(val left: Node?, val value: Int, val right: Node?)

  // @start region="sequence"
  fun bySequence(tree: Node): Sequence<Int> = sequence { walk(tree) }

  private suspend fun SequenceScope<Int>.walk(node: Node?) {
    if (node != null) {
      walk(node.left)
      yield(node.value)
      walk(node.right)
    }
  }
  // @end
}
