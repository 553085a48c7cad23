-- Sets the delivery counts of entries that are pending for this consumer.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  this consumer's name
-- ARGV[3]  the oldest of the ids
-- ARGV[4]  the newest of the ids
-- ARGV[5+] ids of entries, each followed by its count; a few hundred at most, since Lua has room for a
--          few thousand arguments
-- reply    {how many were set}
--
-- Atomic because XCLAIM takes an entry from any consumer that has it. Running it twice does no harm: a
-- count is set, not incremented. Entries that were deleted from the stream are left as they are, since
-- XCLAIM would remove them from the pending entries list.
-- After pending.lua.
-- If it fails half-way: the entries before that have their count; a repetition sets the rest.
local ids, wanted = {}, {}
for i = 5, #ARGV, 2 do
  ids[#ids + 1] = ARGV[i]
  wanted[ARGV[i]] = ARGV[i + 1]
end
local ours = delivery_counts(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], ids)
local is_there = still_there(KEYS[1], ARGV[3])
local calls, set = {}, 0
for _, id in ipairs(ids) do
  if ours[id] and is_there(id) then
    local call = calls[wanted[id]] or {'XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0}
    call[#call + 1] = id
    calls[wanted[id]] = call
    set = set + 1
  end
end
for count, call in pairs(calls) do
  call[#call + 1] = 'RETRYCOUNT'
  call[#call + 1] = count
  call[#call + 1] = 'JUSTID'
  redis.call(unpack(call))
end
return {set}
