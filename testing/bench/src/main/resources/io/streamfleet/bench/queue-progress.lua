-- Returns the progress of a BullMQ queue.
--
-- KEYS[1]  the counter of added jobs
-- KEYS[2]  the list of waiting jobs
-- KEYS[3]  the list of active jobs
-- KEYS[4]  the set of failed jobs
-- reply    the numbers of added, waiting, active and failed jobs
--
-- Atomic, so that no job is counted twice or missed. The observer subtracts these calls from its counts.
return {
  tonumber(redis.call('GET', KEYS[1]) or '0'),
  redis.call('LLEN', KEYS[2]),
  redis.call('LLEN', KEYS[3]),
  redis.call('ZCARD', KEYS[4])
}
