-- Releases a lock.
--
-- KEYS[1]  the lock
-- ARGV[1]  our token
-- reply    1 if released, 0 if it was no longer ours
--
-- Atomic, so that it never releases a lock of another holder.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
