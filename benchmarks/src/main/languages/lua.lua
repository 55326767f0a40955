-- Round trips by coroutine.resume and coroutine.yield.
local function measure(trips)
  local count = 1000
  while true do
    local before = os.clock()
    local sum = trips(count)
    local took = os.clock() - before
    assert(sum == count * (count - 1) // 2)
    if took >= 0.3 then
      print(string.format("%.2f", took / count * 1e9))
      return
    end
    count = count * 2
  end
end

local resume, yield = coroutine.resume, coroutine.yield
local echo = coroutine.create(function(value)
  while true do
    value = yield(value)
  end
end)

measure(function(count)
  local sum = 0
  for i = 0, count - 1 do
    local _, value = resume(echo, i)
    sum = sum + value
  end
  return sum
end)
