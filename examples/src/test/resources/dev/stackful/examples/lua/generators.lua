-- Generators: nested, recursive, with several values, and dead ones.
local function numbers(n)
  return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end end)
end
for i, square in numbers(5) do print(i, square) end

local function permutations(list, n)
  n = n or #list
  if n <= 1 then
    coroutine.yield(list)
  else
    for i = 1, n do
      list[n], list[i] = list[i], list[n]
      permutations(list, n - 1)
      list[n], list[i] = list[i], list[n]
    end
  end
end
for p in coroutine.wrap(function() permutations({"a", "b", "c"}) end) do
  print(table.concat(p, " "))
end

local function tree(depth)
  if depth > 0 then return {tree(depth - 1), depth, tree(depth - 1)} end
end
local function walk(node)
  if node then
    walk(node[1])
    coroutine.yield(node[2])
    walk(node[3])
  end
end
local all = {}
for value in coroutine.wrap(function() walk(tree(4)) end) do all[#all + 1] = value end
print(table.concat(all, ","))

local co = coroutine.create(function(...)
  print("first", ...)
  print("second", coroutine.yield(select("#", ...), "yielded"))
  return "returned", nil, 3
end)
print(coroutine.status(co))
print(coroutine.resume(co, 1, nil, 3))
print(coroutine.status(co))
print(coroutine.resume(co, "x", "y"))
print(coroutine.status(co))
print(coroutine.resume(co))
