# Round trips by Fiber#resume and Fiber.yield.
def measure
  count = 1000
  loop do
    before = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
    sum = yield count
    took = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - before
    raise "the sum is #{sum}" if sum != count * (count - 1) / 2
    if took >= 0.3
      puts format('%.2f', took / count * 1e9)
      return
    end
    count *= 2
  end
end

echo = Fiber.new do |value|
  while true
    value = Fiber.yield(value)
  end
end

measure do |count|
  sum = 0
  i = 0
  while i < count
    sum += echo.resume(i)
    i += 1
  end
  sum
end
