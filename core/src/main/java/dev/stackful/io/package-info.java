/**
 * Streams turned inside out: code that writes becomes what is read, and code that reads becomes
 * what is written to, without a thread and a pipe in between.
 *
 * <table class="striped">
 *   <caption>What there is, what it is made of, and what it becomes</caption>
 *   <thead>
 *     <tr><th scope="col">recipe</th><th scope="col">of code that</th><th scope="col">is</th></tr>
 *   </thead>
 *   <tbody>
 *     <tr><th scope="row">{@link dev.stackful.io.ByteSource}</th>
 *         <td>writes to an {@code OutputStream} or a {@code WritableByteChannel}</td>
 *         <td>an {@code InputStream} or a {@code ReadableByteChannel}</td></tr>
 *     <tr><th scope="row">{@link dev.stackful.io.CharSource}</th>
 *         <td>writes to a {@code Writer}</td>
 *         <td>a {@code Reader}</td></tr>
 *     <tr><th scope="row">{@link dev.stackful.io.ByteSink}</th>
 *         <td>reads from an {@code InputStream} or a {@code ReadableByteChannel}</td>
 *         <td>an {@code OutputStream} or a {@code WritableByteChannel}, with a result</td></tr>
 *     <tr><th scope="row">{@link dev.stackful.io.CharSink}</th>
 *         <td>reads from a {@code Reader}</td>
 *         <td>a {@code Writer}, with a result</td></tr>
 *   </tbody>
 * </table>
 *
 * For elements that are objects there are {@link dev.stackful.Generator} and {@link
 * dev.stackful.Sink}.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.stackful.io;

import org.jspecify.annotations.NullMarked;
