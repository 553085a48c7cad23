-- Makes what is pending for us claimable at once, counts kept.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  the consumer that leaves
-- ARGV[3]  how long its entries are to look idle, in milliseconds
-- ARGV[4]  where to go on, - to begin
-- ARGV[5]  entries at the most
-- reply    the last id seen, or nothing at the end
--
-- Atomic because XCLAIM takes an entry from whoever has it.
local rows = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[4], '+', ARGV[5], ARGV[2])
for _, row in ipairs(rows) do
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, row[1], 'IDLE', ARGV[3], 'JUSTID')
end
if #rows < tonumber(ARGV[5]) then
  return {}
end
return {rows[#rows][1]}
