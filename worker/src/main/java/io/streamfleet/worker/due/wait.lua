-- Stores when the next attempt of a failed entry is due, for the worker that has the entry by then.
--
-- KEYS[1]  the due times of the stream and group: a sorted set of entry ids. A score is the due time
--          in milliseconds since 1970, times 1,000, plus the number of the failed attempt
-- ARGV[1]  the entry's id
-- ARGV[2]  how long it waits, in milliseconds
-- ARGV[3]  the number of the attempt that failed
-- ARGV[4]  for how long a due time is kept after it has passed, in milliseconds
-- reply    1
--
-- A script so that the time is the server's: the clocks of workers differ, and a wait may outlive its
-- worker. Nothing needs to be removed when an entry is settled: each write removes due times that
-- have passed, and the key expires after the last of them.
-- If it fails half-way: the first write only removes what is of no use any more. If the expiry
-- cannot be set, the due time is removed again, since the key would stay for ever. Running it twice
-- starts the wait anew.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wait, kept = tonumber(ARGV[2]), tonumber(ARGV[4])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', (now - kept) * 1000))
redis.call('ZADD', KEYS[1], string.format('%.0f', (now + wait) * 1000 + ARGV[3]), ARGV[1])
local left = redis.pcall('PTTL', KEYS[1])
if type(left) == 'table' or left < wait + kept then
  local set = redis.pcall('PEXPIRE', KEYS[1], string.format('%.0f', wait + kept))
  if type(set) == 'table' then
    redis.call('ZREM', KEYS[1], ARGV[1])
    return set
  end
end
return {1}
