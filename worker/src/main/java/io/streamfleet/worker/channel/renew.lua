-- Renews the locks of many channels, each only if this pipeline holds it.
--
-- KEYS     the locks
-- ARGV[1]  this pipeline's token
-- ARGV[2]  the TTL of the locks from now on, in milliseconds
-- reply    the server's time in milliseconds, and the positions (from 1) of the locks that are not held
--
-- Atomic so that the lock of another holder is never prolonged. A key of another type counts as not held
-- and does not affect the others. If it fails half-way, some locks are renewed, which does no harm.
local time = redis.call('TIME')
local lost = {time[1] * 1000 + math.floor(time[2] / 1000)}
for i = 1, #KEYS do
  if redis.pcall('GET', KEYS[i]) == ARGV[1] then
    redis.call('PEXPIRE', KEYS[i], ARGV[2])
  else
    lost[#lost + 1] = i
  end
end
return lost
