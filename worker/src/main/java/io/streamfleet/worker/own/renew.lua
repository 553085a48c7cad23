-- Renews what is still ours, and tells what is not.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3+] ids of entries
-- reply    the positions (from 1) of the ids that are not pending for us
--
-- Atomic because XCLAIM takes an entry from whoever has it: between a look and a claim another
-- consumer may have become the owner, and would be robbed in mid-handling.
-- JUSTID keeps the delivery count: a renewal is not a delivery.
local lost = {}
for i = 3, #ARGV do
  local row = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])
  if row[1] then
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
  else
    lost[#lost + 1] = i - 2
  end
end
return lost
