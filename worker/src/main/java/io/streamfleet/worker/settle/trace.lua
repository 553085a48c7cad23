-- Records that traces are in one state.
--
-- KEYS     the traces' hashes
-- ARGV[1]  milliseconds after which a trace is forgotten
-- ARGV[2]  the time now, in seconds since 1970, as the worker's clock has it
-- ARGV[3]  the state
--
-- Atomic so that no hash is left without its expiry. A point in time for the expiry, by the
-- server's own clock: a duration would be turned into one for each key again, which was measured
-- to cost as much as a fifth of the whole.
local call = redis.call
local time = call('TIME')
local expiry = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1])
for i = 1, #KEYS do
  call('HSET', KEYS[i], 'state', ARGV[3], 'updated_at', ARGV[2])
  call('PEXPIREAT', KEYS[i], expiry)
end
return #KEYS
