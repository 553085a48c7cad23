-- Fetches entries that are pending for us, with their payload and delivery count.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  1: this is one more delivery, count it; 0: keep the count
-- ARGV[4]  the oldest of the ids
-- ARGV[5]  the newest of the ids
-- ARGV[6+] ids of entries, some hundreds at the most: Lua has room for a few thousand arguments
-- reply    for each id that is ours {id, delivery count, {field, value, ...} or false where the
--          stream holds the entry no more}
--
-- Atomic so that what is handed out is surely ours at that moment. After pending.lua.
local stream, group, us, more = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local ids = {unpack(ARGV, 6)}
local counts = delivery_counts(stream, group, us, ARGV[4], ARGV[5], ids)
local is_there = still_there(stream, ARGV[4])

local calls, fields = {}, {}
for _, id in ipairs(ids) do
  local count = counts[id]
  if count and is_there(id) then
    local call = calls[count] or {'XCLAIM', stream, group, us, 0}
    call[#call + 1] = id
    calls[count] = call
  end
end
for count, call in pairs(calls) do
  call[#call + 1] = 'RETRYCOUNT'
  call[#call + 1] = count + more
  for _, entry in ipairs(redis.call(unpack(call))) do
    fields[entry[1]] = entry[2]
  end
end

local out = {}
for _, id in ipairs(ids) do
  if counts[id] then
    out[#out + 1] = {id, counts[id] + more, fields[id] or false}
  end
end
return out
