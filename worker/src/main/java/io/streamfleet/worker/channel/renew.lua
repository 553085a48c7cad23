-- Renews the locks of many channels, each only if it is ours.
--
-- KEYS     the locks
-- ARGV[1]  our token
-- ARGV[2]  how long they hold from now on, in milliseconds
-- reply    the server's time in milliseconds, and the positions (from 1) of the locks that are not
--          ours
--
-- Atomic so that another's lock is never prolonged. Something else than a lock under its key is not
-- ours, and no reason to fail for the others. Should it fail half-way, some are renewed, no harm.
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
