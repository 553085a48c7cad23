-- Counts the next attempt of an entry in the pending entries list, so that it survives a restart.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  this consumer's name
-- ARGV[3]  the entry's id
-- ARGV[4]  the number of the attempt that starts now
-- ARGV[5]  the key of the due times, see due.lua; that of the entry is removed; empty: none
-- reply    that number, or a higher one that is already counted, or 0 if the entry is not pending for
--          this consumer any more
--
-- Atomic because XCLAIM takes an entry from any consumer that has it.
-- Running it twice, or late, does no harm: the count is set, not incremented, and never lowered. A call
-- that a broken connection has delayed may find the entry pending here again, after others tried it.
-- If it fails half-way: the count is set first; a due time that stays has passed, and the next write of
-- a due time removes it.
local row = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
if not row[1] then
  return 0
end
local attempt = math.max(tonumber(ARGV[4]), row[1][4])
-- XCLAIM would remove an entry that was deleted from the stream from the pending entries list.
if redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3], 'COUNT', 1)[1] then
  redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'RETRYCOUNT', attempt, 'JUSTID')
end
if ARGV[5] ~= '' and redis.acl_check_cmd('ZREM', ARGV[5], ARGV[3]) then
  redis.pcall('ZREM', ARGV[5], ARGV[3])
end
return attempt
