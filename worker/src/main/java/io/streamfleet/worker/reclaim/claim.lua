-- Claims a page of what has been idle for long, with delivery counts.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  how long an entry must have been idle, in milliseconds
-- ARGV[4]  where to go on, 0-0 to begin
-- ARGV[5]  entries at the most
-- reply    {where to go on, {{id, delivery count, {field, value, ...}}, ...}, {deleted id, ...}}
--
-- One step because XAUTOCLAIM does not tell the delivery counts that it raised.
local reply = redis.call('XAUTOCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], 'COUNT', ARGV[5])
local out = {}
for i, entry in ipairs(reply[2]) do
  local row = redis.call('XPENDING', KEYS[1], ARGV[1], entry[1], entry[1], 1)[1]
  out[i] = {entry[1], row and row[4] or 1, entry[2]}
end
return {reply[1], out, reply[3] or {}}
