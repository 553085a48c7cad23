-- Fetches entries that are pending for us, with their payload and delivery count.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  1: this is one more delivery, count it; 0: keep the count
-- ARGV[4+] ids of entries
-- reply    for each id that is ours {id, delivery count, {field, value, ...} or false where the
--          stream holds the entry no more}
--
-- Atomic so that what is handed out is surely ours at that moment.
local CALL = 1000 -- arguments of one call: Lua has room for some thousands

local out, taken = {}, {}
for i = 4, #ARGV do
  local row = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])[1]
  if row then
    local count = row[4] + tonumber(ARGV[3])
    local entry = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])[1]
    if entry then
      taken[count] = taken[count] or {}
      table.insert(taken[count], ARGV[i])
    end
    out[#out + 1] = {ARGV[i], count, entry and entry[2] or false}
  end
end
for count, ids in pairs(taken) do
  for from = 1, #ids, CALL do
    local call = {'XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0}
    for i = from, math.min(from + CALL - 1, #ids) do
      call[#call + 1] = ids[i]
    end
    for _, word in ipairs({'RETRYCOUNT', count, 'JUSTID'}) do
      call[#call + 1] = word
    end
    redis.call(unpack(call))
  end
end
return out
