-- Releases a lock.
--
-- KEYS[1]  the lock
-- ARGV[1]  our token
-- reply    1 released, 0 it was not ours any more
--
-- Atomic so that nobody else's lock is released.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
