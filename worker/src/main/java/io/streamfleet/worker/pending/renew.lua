-- Renews the entries that are still pending for this consumer, and reports the others.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  this consumer's name
-- ARGV[3]  the oldest of the ids
-- ARGV[4]  the newest of the ids
-- ARGV[5+] ids of entries, a few hundred at most, since Lua has room for a few thousand arguments
-- reply    the positions (from 1) of the ids that are not pending for this consumer: they are pending
--          for others, or settled; negative if the entry is not in the stream any more either
--
-- Atomic because XCLAIM takes an entry from any consumer that has it: between a check and a claim
-- another consumer may have become the owner and started the handler.
-- JUSTID keeps the delivery count: a renewal is not a delivery.
-- An entry that was deleted from the stream is left as it is, since XCLAIM would remove it from the
-- pending entries list, as any XAUTOCLAIM does. Nobody else can read its payload, so a handler that has
-- it continues; a worker that has only its id must not wait for it.
-- Reading each entry to see whether it is there would copy its payload each time. After pending.lua.
-- If it fails half-way: entries that were renewed before stay renewed, which does no harm; the caller
-- gets no reply and repeats it.
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
