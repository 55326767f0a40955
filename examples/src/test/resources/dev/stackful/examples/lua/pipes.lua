-- Producers, filters and consumers, each of which only receives and sends.
local function receive(from)
  local ok, value = coroutine.resume(from)
  assert(ok, value)
  return value
end
local function send(value) coroutine.yield(value) end

local function producer(lines)
  return coroutine.create(function() for _, line in ipairs(lines) do send(line) end end)
end
local function numbered(from)
  return coroutine.create(function()
    local number = 1
    for line in receive, from do
      send(string.format("%3d %s", number, line))
      number = number + 1
    end
  end)
end
local function upper(from)
  return coroutine.create(function()
    for line in receive, from do send(line:upper()) end
  end)
end
for line in receive, numbered(upper(producer({"to be", "or not", "to be"}))) do print(line) end

-- A scheduler of tasks, who take turns and know who they are.
local queue, log = {}, {}
for i = 1, 3 do
  queue[#queue + 1] = coroutine.create(function()
    local self, main = coroutine.running()
    for turn = 1, i do
      assert(coroutine.status(self) == "running" and not main)
      log[#log + 1] = i .. ":" .. turn
      coroutine.yield()
      assert(coroutine.running() == self)
    end
  end)
end
while #queue > 0 do
  local task = table.remove(queue, 1)
  assert(coroutine.resume(task))
  if coroutine.status(task) ~= "dead" then queue[#queue + 1] = task end
end
print(table.concat(log, " "))

-- Values given on to another coroutine while the first goes on.
local echo = coroutine.wrap(function(...)
  local given = {...}
  while true do given = {coroutine.yield(table.unpack(given))} end
end)
local function both(...)
  echo("overwritten", "too")
  return ...
end
print(both(echo("kept", "as", "well")))
print(select(2, coroutine.running()))
