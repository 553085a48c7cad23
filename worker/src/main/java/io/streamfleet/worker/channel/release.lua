-- Releases the locks of many channels, each only if this pipeline holds it.
--
-- KEYS     the locks
-- ARGV[1]  this pipeline's token
-- reply    the number of locks released
--
-- Atomic so that the lock of another holder is never deleted. A key of another type is skipped and does
-- not affect the others. If it fails half-way, it may run again.
local released = 0
for i = 1, #KEYS do
  if redis.pcall('GET', KEYS[i]) == ARGV[1] then
    released = released + redis.call('DEL', KEYS[i])
  end
end
return released
