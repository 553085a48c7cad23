-- Destroys a group unless somebody else uses it.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  a consumer that called within this many milliseconds is alive
-- ARGV[3+] consumers to ignore: those of the fleet that is deleted
-- reply    {1} destroyed; {0} the group or the stream does not exist; {2, consumer, pending, idle} a
--          consumer is alive or has pending entries, and nothing was done
--
-- Atomic because XGROUP DESTROY also deletes the pending entries: a consumer that reads for the
-- first time between the check and the delete would lose what it got. Writes once, at the end, so it
-- can't fail half-way.
local ignored = {}
for i = 3, #ARGV do
  ignored[ARGV[i]] = true
end

local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers.err then
  if string.find(consumers.err, 'NOGROUP', 1, true) or string.find(consumers.err, 'no such key', 1, true) then
    return {0}
  end
  return consumers
end
for _, fields in ipairs(consumers) do
  local info = {}
  for i = 1, #fields, 2 do
    info[fields[i]] = fields[i + 1]
  end
  if not ignored[info.name] and (info.pending > 0 or info.idle < tonumber(ARGV[2])) then
    return {2, info.name, info.pending, info.idle}
  end
end
return {redis.call('XGROUP', 'DESTROY', KEYS[1], ARGV[1])}
