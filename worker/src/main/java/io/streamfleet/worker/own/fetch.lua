-- Fetches entries that are pending for us, with their payload and delivery count.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  1: this is one more delivery, count it; 0: keep the count
-- ARGV[4+] ids of entries, some hundreds at the most: Lua has room for a few thousand arguments
-- reply    for each id that is ours {id, delivery count, {field, value, ...} or false where the
--          stream holds the entry no more}
--
-- Atomic so that what is handed out is surely ours at that moment.
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
  local call = {'XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0}
  for _, id in ipairs(ids) do
    call[#call + 1] = id
  end
  call[#call + 1] = 'RETRYCOUNT'
  call[#call + 1] = count
  call[#call + 1] = 'JUSTID'
  redis.call(unpack(call))
end
return out
