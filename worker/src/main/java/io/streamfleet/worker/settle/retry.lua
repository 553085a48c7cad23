-- Counts one more attempt on an entry in the pending entries list itself, so that a restart
-- forgets nothing.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  the entry's id
-- ARGV[4]  the number of the attempt that begins now
-- ARGV[5]  the key of the due times, of which that of the entry is over, see due.lua; empty: none
-- reply    that number, or a higher one that is counted already, or 0 when the entry is not ours any
--          more
--
-- Atomic because XCLAIM takes an entry from whoever has it.
-- Run twice, or late, it does no harm: the count is set, not raised, and never lowered. A call that
-- was held up with its connection may find the entry ours again, after others have tried it.
-- If it fails half-way: the count is set first; a due time that stays behind has passed, and goes
-- with the next one that is written.
local row = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
if not row[1] then
  return 0
end
local attempt = math.max(tonumber(ARGV[4]), row[1][4])
-- XCLAIM would strike an entry off the list that the stream holds no more.
if redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3], 'COUNT', 1)[1] then
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'RETRYCOUNT', attempt, 'JUSTID')
end
if ARGV[5] ~= '' and redis.acl_check_cmd('ZREM', ARGV[5], ARGV[3]) then
  redis.pcall('ZREM', ARGV[5], ARGV[3])
end
return attempt
