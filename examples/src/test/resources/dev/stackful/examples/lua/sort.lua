-- A yield inside the comparator of table.sort: the sort waits until it is resumed. Lua 5.2, whose sort
-- is in C, refuses this.
local sort = coroutine.create(function(list)
  table.sort(list, function(a, b) return coroutine.yield(a, b) end)
  return "sorted"
end)
local list = {5, 3, 9, 1, 7, 2, 8}
local comparisons = 0
local _, a, b = coroutine.resume(sort, list)
while coroutine.status(sort) ~= "dead" do
  comparisons = comparisons + 1
  _, a, b = coroutine.resume(sort, a < b)
end
print(a, comparisons > 6)
print(table.concat(list, " "))
