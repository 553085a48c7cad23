-- How far the workers of a BullMQ queue are.
--
-- KEYS[1]  the counter of jobs that were added
-- KEYS[2]  the list of those that wait
-- KEYS[3]  the list of those that are handled
-- KEYS[4]  the set of those that failed
-- reply    how many were added, wait, are handled, failed
--
-- Atomic so that no job is seen twice or not at all. What it calls, the observer takes off the counts.
return {
  tonumber(redis.call('GET', KEYS[1]) or '0'),
  redis.call('LLEN', KEYS[2]),
  redis.call('LLEN', KEYS[3]),
  redis.call('ZCARD', KEYS[4])
}
