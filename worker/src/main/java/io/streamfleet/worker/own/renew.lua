-- Renews what is still ours, and tells what is not.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3+] ids of entries
-- reply    the positions (from 1) of the ids that others have, or have settled; less than zero where
--          neither stream nor pending entries list hold the entry any more
--
-- Atomic because XCLAIM takes an entry from whoever has it: between a look and a claim another
-- consumer may have become the owner, and would be robbed in mid-handling.
-- JUSTID keeps the delivery count: a renewal is not a delivery.
-- An entry that the stream holds no more is left as it is: XCLAIM would strike it off the list, as
-- any XAUTOCLAIM does. Nobody else can have its payload then, so a handler that has it goes on; who
-- knows the id only waits for nothing.
local lost = {}
for i = 3, #ARGV do
  local ours = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])[1]
  if redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i], 'COUNT', 1)[1] then
    if ours then
      redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
    else
      lost[#lost + 1] = i - 2
    end
  elseif not ours then
    lost[#lost + 1] = 2 - i
  end
end
return lost
