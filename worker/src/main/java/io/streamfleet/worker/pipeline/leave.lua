-- Makes what is pending for us claimable at once.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  the consumer that leaves
-- ARGV[3]  how long its entries are to look idle, in milliseconds
-- ARGV[4]  where to go on, - to begin
-- ARGV[5]  entries at the most
-- ARGV[6+] ids of entries that the handler has begun with
-- reply    the last id seen, or nothing at the end
--
-- Who claims an entry counts one more delivery. One that was never tried is therefore given back
-- with one less: else rolling updates alone would send what waits in a backlog to the dead letters.
-- What the stream holds no more is left to who sweeps, and counts it; XCLAIM would strike it off.
-- Atomic because XCLAIM takes an entry from whoever has it. Run twice it does no harm: what looks
-- idle already is passed over.
local tried = {}
for i = 6, #ARGV do
  tried[ARGV[i]] = true
end
local rows = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[4], '+', ARGV[5], ARGV[2])
for _, row in ipairs(rows) do
  if row[3] < tonumber(ARGV[3]) and redis.call('XRANGE', KEYS[1], row[1], row[1], 'COUNT', 1)[1] then
    local count = row[4]
    if not tried[row[1]] and count > 0 then
      count = count - 1
    end
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, row[1],
      'IDLE', ARGV[3], 'RETRYCOUNT', count, 'JUSTID')
  end
end
if #rows < tonumber(ARGV[5]) then
  return {}
end
return {rows[#rows][1]}
