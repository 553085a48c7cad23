-- Records that traces are in one state, unless a later one is known already: calls to a node of a
-- cluster that is new to the client may go out in any order, and when an entry changes hands its
-- states come from two workers.
--
-- KEYS     the traces' hashes
-- ARGV[1]  milliseconds after which a trace is forgotten
-- ARGV[2]  the time now, in seconds since 1970, as the worker's clock has it
-- ARGV[3]  the state
-- Reply    how many traces it was recorded for
--
-- Atomic so that no hash is left without its expiry, and none goes back in time. A point in time for
-- the expiry, by the server's own clock: a duration would be turned into one for each key again,
-- which was measured to cost as much as a fifth of the whole.
local call = redis.call
local time = call('TIME')
local expiry = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1])
local now = tonumber(ARGV[2])
local recorded = 0
for i = 1, #KEYS do
  local known = tonumber(call('HGET', KEYS[i], 'updated_at') or '')
  if not known or known <= now then
    call('HSET', KEYS[i], 'state', ARGV[3], 'updated_at', ARGV[2])
    call('PEXPIREAT', KEYS[i], expiry)
    recorded = recorded + 1
  end
end
return recorded
