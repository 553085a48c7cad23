-- Records the state of traces, unless a later state is stored. Calls may arrive in another order, since
-- calls to a new node of a Cluster are not ordered, and an entry that is handed over has states from
-- two workers.
--
-- KEYS     the traces' hashes
-- ARGV[1]  the traces expire after so many milliseconds
-- ARGV[2]  the current time by the worker's clock, in seconds since 1970
-- ARGV[3]  the state
-- Reply    the number of traces that were recorded
--
-- Atomic so that no hash is left without an expiry, and none returns to an earlier state. The expiry is
-- a point in time by the server's clock: a duration would be converted to one for each key, which was
-- measured to cost up to a fifth of the whole.
-- If it fails half-way: a key of another type, or one without the right to write it, is skipped and does
-- not affect the others. A new hash that gets no expiry is deleted again, since it would stay for ever.
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
