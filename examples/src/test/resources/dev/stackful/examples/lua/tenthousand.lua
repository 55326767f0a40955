-- Ten thousand suspended at once, resumed in another order.
local all = {}
for i = 1, 10000 do
  all[i] = coroutine.create(function(first)
    local second = coroutine.yield(first + i)
    return first * second
  end)
end
local sum = 0
for i = 1, #all do
  local _, value = coroutine.resume(all[i], 1)
  sum = sum + value
end
print(sum)
sum = 0
for i = #all, 1, -1 do
  local _, value = coroutine.resume(all[i], i)
  sum = sum + value
  assert(coroutine.status(all[i]) == "dead")
end
print(sum)
