-- Releases the locks of many channels, each only if it is ours.
--
-- KEYS     the locks
-- ARGV[1]  our token
-- reply    how many were ours
--
-- Atomic so that another's lock is never deleted. Something else than a lock under its key is not
-- ours, and no reason to fail for the others. Should it fail half-way, it may run again.
local released = 0
for i = 1, #KEYS do
  if redis.pcall('GET', KEYS[i]) == ARGV[1] then
    released = released + redis.call('DEL', KEYS[i])
  end
end
return released
