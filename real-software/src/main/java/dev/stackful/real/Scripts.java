package dev.stackful.real;

/**
 * The scripts: sorting by a comparator, recursion, generators, regular expressions and the like,
 * each of whose functions pauses, so that the body yields under the interpreter's frames.
 */
final class Scripts {
  static final String GROOVY =
      """
      import dev.stackful.real.Pause
      def numbers = (1..300).collect { Pause.here(); (it * 7919) % 1000 }
      def sorted = numbers.sort(false) { a, b -> Pause.here(); a <=> b }
      def text = 'a1b22c333'.replaceAll(/\\d+/) { Pause.here(); "<${it.length()}>" }
      def fibonacci
      fibonacci = { n -> Pause.here(); n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2) }
      class Lazy {
        def methodMissing(String name, args) { Pause.here(); "$name(${args.join(',')})" }
      }
      def groups = numbers.groupBy { Pause.here(); it % 7 }.collectEntries { k, v -> [k, v.size()] }
      "$sorted $text ${fibonacci(12)} ${new Lazy().anything(1, 2)} ${groups.sort()}".toString()
      """;

  static final String JAVASCRIPT =
      """
      var pause = function() { Packages.dev.stackful.real.Pause.here(); };
      var numbers = [];
      for (var i = 1; i <= 300; i++) numbers.push((i * 7919) % 1000);
      numbers.sort(function(a, b) { pause(); return a - b; });
      var text = 'a1b22c333'.replace(/\\d+/g, function(m) { pause(); return '<' + m.length + '>'; });
      function fibonacci(n) { pause(); return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
      function* squares(n) { for (var i = 0; i < n; i++) { pause(); yield i * i; } }
      var sum = 0;
      for (var s of squares(100)) { pause(); sum += s; }
      var o = { get a() { pause(); return 1; }, toJSON: function() { pause(); return { a: this.a, b: [1, 2] }; } };
      var json = JSON.stringify(o, function(k, v) { pause(); return v; });
      [numbers.join(), text, fibonacci(12), sum, json].join(' ');
      """;

  static final String PYTHON =
      """
      from dev.stackful.real import Pause
      import re
      def pause(x):
          Pause.here()
          return x
      numbers = [pause(i * 7919 % 1000) for i in range(1, 301)]
      numbers.sort(cmp=lambda a, b: pause(cmp(a, b)))
      text = re.sub(r'\\d+', lambda m: pause('<%d>' % len(m.group())), 'a1b22c333')
      def fibonacci(n):
          pause(n)
          return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)
      def squares(n):
          for i in range(n):
              pause(i)
              yield i * i
      class Managed(object):
          def __enter__(self):
              return pause(self)
          def __exit__(self, *e):
              pause(e)
              return True
          def __getattr__(self, name):
              return pause(name)
      with Managed() as m:
          missing = m.anything
          raise ValueError(missing)
      result = '%s %s %d %d %s %d' % (numbers, text, fibonacci(12), sum(squares(100)), missing,
          reduce(lambda a, b: pause(a + b), numbers))
      """;

  private Scripts() {}
}
