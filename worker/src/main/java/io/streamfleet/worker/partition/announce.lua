-- Announces a worker among those that share the partitions of a stream, and tells who they are.
--
-- KEYS[1]  the members: a sorted set of consumer names, scored with when each was last there
-- ARGV[1]  our consumer name; empty: we only ask
-- ARGV[2]  who was not there for so many milliseconds is gone
-- reply    the names, sorted
--
-- By the server's clock, so that the clocks of workers don't matter. A member that is ahead of that
-- clock was written before it went back, and counts from now.
-- Atomic so that all who ask at one time hear the same. Run twice it does no harm, and neither does a
-- failure half-way: who was to be removed is removed by the next call.
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
