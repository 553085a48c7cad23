-- Makes entries pending for this consumer again after their group was lost, with its pending entries
-- list, and created again.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  this consumer's name
-- ARGV[3+] ids of entries that this consumer had when the group was lost, each followed by its delivery
--          count
-- reply    {number of entries restored}
--
-- Atomic so that no entry is taken from a consumer that has it by now. Entries that were deleted from
-- the stream stay lost. If the group has not delivered an entry yet, it is pending for this consumer
-- until XREADGROUP delivers it to another one, which moves it in the pending entries list.
-- If it fails half-way: the entries before that stay restored; a repetition finds them pending and
-- skips them.
local restored = 0
for i = 3, #ARGV, 2 do
  if not redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1] then
    local claimed = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i],
      'RETRYCOUNT', ARGV[i + 1], 'FORCE', 'JUSTID')
    restored = restored + #claimed
  end
end
return {restored}
