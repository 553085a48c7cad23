-- Announces a worker among those that share the partitions of a stream, and returns all of them.
--
-- KEYS[1]  the members: a sorted set of consumer names, scored by the time of their last announcement
-- ARGV[1]  this worker's consumer name; empty to announce nobody
-- ARGV[2]  a member is removed after so many milliseconds without an announcement
-- reply    the names, sorted
--
-- By the server's clock, so that the clocks of workers don't matter. A score ahead of that clock was
-- written before the clock went back, and is set to now.
-- Atomic so that all workers that ask at the same time get the same reply. Running it twice does no harm,
-- and neither does a failure half-way: the next call removes the remaining members.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] ~= '' then
  redis.call('ZADD', KEYS[1], now, ARGV[1])
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. string.format('%.0f', now), '+inf')) do
  redis.call('ZADD', KEYS[1], now, name)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', now - ARGV[2]))
local names = redis.call('ZRANGE', KEYS[1], 0, -1)
table.sort(names)
return names
