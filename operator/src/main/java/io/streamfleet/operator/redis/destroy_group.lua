-- Destroys a group unless somebody else uses it.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  who called within so many milliseconds is alive
-- ARGV[3+] consumers that do not count: those of the fleet that is deleted
-- reply    {1} destroyed; {0} there is no such group, or no stream; {2, consumer, pending, idle} of
--          one that is alive, or has entries pending, and nothing was done
--
-- Atomic because a group takes what is pending in it along: whoever reads in it for the first time
-- between a look and the end would lose what it was just given. Writes once, last: it cannot fail
-- half-way.
local mine = {}
for i = 3, #ARGV do
  mine[ARGV[i]] = true
end

local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers.err then
  if string.find(consumers.err, 'NOGROUP', 1, true) or string.find(consumers.err, 'no such key', 1, true) then
    return {0}
  end
  return consumers
end
for _, fields in ipairs(consumers) do
  local said = {}
  for i = 1, #fields, 2 do
    said[fields[i]] = fields[i + 1]
  end
  if not mine[said.name] and (said.pending > 0 or said.idle < tonumber(ARGV[2])) then
    return {2, said.name, said.pending, said.idle}
  end
end
return {redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])}
