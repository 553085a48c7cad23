-- Functions for the scripts of partitions. A lease is a hash with the fields
--
--   token        of the current grant, never used twice; empty if it was released
--   owner        the consumer that it was granted to
--   until        when others may acquire it, in milliseconds of the server's clock
--   epoch        of the last grant; it only grows, so the key never expires
--   fence        a key that exists as long as reads under this grant may deliver, see take.lua; or empty
--   settlements  the number of settlements under this grant
--
-- Only who wants the lease asks whether its time is over: as long as nobody took it, what its owner
-- does harms nobody. Owners are known by the token, so who lost the lease can do nothing.
-- Writes nothing but what settlement_taken does.

local function server_millis()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- For epochs: two grants may be in the same millisecond, but never in the same microsecond.
local function server_micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function is_ours(lease, token)
  return token ~= '' and redis.call('HGET', lease, 'token') == token
end

-- Whether a settlement of this number is to be done: 1. Else 0, it was done already; -1, the lease is
-- not ours any more; -2, Redis did not take the one before this, or has forgotten it.
local function settlement_due(lease, token, number)
  local has = redis.call('HMGET', lease, 'token', 'settlements')
  local taken = tonumber(has[2] or 0)
  if token == '' or has[1] ~= token then
    return -1
  elseif taken == number then
    return 0
  elseif taken ~= number - 1 then
    return -2
  end
  return 1
end

local function settlement_taken(lease, number)
  redis.call('HSET', lease, 'settlements', number)
end

-- The same for a script that settles one entry, perhaps without a lease, which is empty then. Its reply
-- if it has nothing to do: 1 if it was done already, -2 if it must not be done; or nothing.
local function settled_or_lost(lease, token, number)
  local due = lease == '' and 1 or settlement_due(lease, token, number)
  return due == 0 and 1 or due < 0 and -2 or nil
end

local function entry_settled(lease, number)
  if lease ~= '' then
    settlement_taken(lease, number)
  end
end
