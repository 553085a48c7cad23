-- Keeps when the next attempt of a failed entry is due, for whoever has the entry by then.
--
-- KEYS[1]  the due times of the stream and group: a sorted set of entry ids, whose scores are the
--          due time in milliseconds since 1970 times 1,000, and the attempt that failed added
-- ARGV[1]  the entry's id
-- ARGV[2]  how long it waits, in milliseconds
-- ARGV[3]  the number of the attempt that failed
-- ARGV[4]  for how long a due time is kept after it has passed, in milliseconds
-- reply    1
--
-- A script so that the time is the server's: workers' clocks differ, and a wait may outlive its
-- worker. Nothing here needs to be removed when an entry is settled: what has passed goes with the
-- next write, and all of it with the key, which expires after the last of them.
-- If it fails half-way: the first write removes what is of no use any more; where the expiry
-- cannot be set the due time is taken back, or the key would stay for ever. Run twice it waits anew.
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
