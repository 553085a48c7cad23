-- What the scripts of a partition need to know of its lease: a hash with the fields
--
--   token        of the present grant, never used twice; empty when it was released
--   owner        the consumer that it was granted to
--   until        when others may take it, in milliseconds of the server's clock
--   epoch        of the latest grant; grows for ever, so the key never expires
--   reads        reads that delivered something under this grant
--   settlements  settlements taken under this grant
--
-- Only who wants the lease asks whether its time is over: as long as nobody took it, what its owner
-- does harms nobody. Owners are known by the token, so who lost the lease can do nothing.
-- Writes nothing.

local function server_millis()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- As an epoch: two grants are never in the same microsecond, in a millisecond they may be.
local function server_micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function is_ours(lease, token)
  return token ~= '' and redis.call('HGET', lease, 'token') == token
end
