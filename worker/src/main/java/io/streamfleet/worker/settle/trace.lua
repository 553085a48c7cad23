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
-- If it fails half-way: a key that holds something else, or is not ours to write, is left out and
-- costs the others nothing. A hash that is new and gets no expiry is deleted again, or it would stay
-- for ever.
local call, pcall = redis.call, redis.pcall
local time = call('TIME')
local expiry = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1])
local now = tonumber(ARGV[2])
local recorded = 0
for i = 1, #KEYS do
  local before = pcall('HGET', KEYS[i], 'updated_at')
  if type(before) ~= 'table' then
    local known = tonumber(before or '')
    if not known or known <= now then
      local set = pcall('HSET', KEYS[i], 'state', ARGV[3], 'updated_at', ARGV[2])
      local expires = type(set) ~= 'table' and pcall('PEXPIREAT', KEYS[i], expiry)
      if type(expires) == 'number' then
        recorded = recorded + 1
      elseif expires and not known then
        pcall('DEL', KEYS[i])
      end
    end
  end
end
return recorded
