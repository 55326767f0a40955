-- Errors out of coroutines, through pcall, with yields in between.
local co = coroutine.create(function()
  local ok, message = pcall(function()
    coroutine.yield("inside pcall")
    error("caught inside")
  end)
  print("pcall", ok, message:match("caught inside$"))
  coroutine.yield("after pcall")
  error({code = 42})
end)
print(coroutine.resume(co))
print(coroutine.resume(co))
local ok, failure = coroutine.resume(co)
print(ok, type(failure), failure.code, coroutine.status(co))
print(coroutine.resume(co))

local wrapped = coroutine.wrap(function() error({code = 7}) end)
local ok, failure = pcall(wrapped)
print(ok, failure.code)
local ok, message = pcall(wrapped)
print(ok, message:match("cannot resume dead coroutine"))

-- An error passes coroutines that don't catch it, to the one that does.
local function nested(depth)
  return coroutine.wrap(function()
    if depth == 0 then error({depth = "deepest"}) end
    nested(depth - 1)()
  end)
end
print(pcall(function() nested(5)() end) == false, select(2, pcall(nested(3))).depth)

-- What may not be resumed.
local outer
outer = coroutine.create(function()
  print(coroutine.resume(outer))
  local inner = coroutine.create(function()
    print(coroutine.status(outer))
    print(coroutine.resume(outer))
  end)
  coroutine.resume(inner)
end)
coroutine.resume(outer)
print(coroutine.resume(outer))
local ok, message = pcall(coroutine.yield)
print(ok, message:match("outside a coroutine"))
print(pcall(coroutine.create, "no function") == false)
print(xpcall(function()
  return coroutine.wrap(function() return pcall(coroutine.yield, "through two") end)()
end, print))
