-- Renews what is still ours, and tells what is not.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  the oldest of the ids
-- ARGV[4]  the newest of the ids
-- ARGV[5+] ids of entries, some hundreds at the most: Lua has room for a few thousand arguments
-- reply    the positions (from 1) of the ids that others have, or have settled; less than zero where
--          neither stream nor pending entries list hold the entry any more
--
-- Atomic because XCLAIM takes an entry from whoever has it: between a look and a claim another
-- consumer may have become the owner, and would be robbed in mid-handling.
-- JUSTID keeps the delivery count: a renewal is not a delivery.
-- An entry that the stream holds no more is left as it is: XCLAIM would strike it off the list, as
-- any XAUTOCLAIM does. Nobody else can have its payload then, so a handler that has it goes on; who
-- knows the id only waits for nothing.
-- To look for each entry by itself would copy its payload, of whatever size, each time. After
-- pending.lua.
-- If it fails half-way: what was renewed until then stays renewed, which does no harm; the caller
-- hears of no answer and asks again.
local ids = {unpack(ARGV, 5)}
local counts = delivery_counts(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ids)
local is_there = still_there(KEYS[1], ARGV[3])
local lost = {}
local call = {'XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0}
for i, id in ipairs(ids) do
  if counts[id] then
    if is_there(id) then
      call[#call + 1] = id
    end
  elseif redis.call('XRANGE', KEYS[1], id, id, 'COUNT', 1)[1] then
    lost[#lost + 1] = i
  else
    lost[#lost + 1] = -i
  end
end
if #call > 5 then
  call[#call + 1] = 'JUSTID'
  redis.call(unpack(call))
end
return lost
