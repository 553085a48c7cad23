-- Functions for the scripts of partitions. A lease is a hash with the fields
--
--   token        of the current grant, never used twice; empty if it was released
--   owner        the consumer that it was granted to
--   until        when others may acquire it, in milliseconds of the server's clock
--   epoch        of the last grant; it only grows, so the key never expires
--   reads        the number of reads that delivered entries under this grant
--   settlements  the number of settlements under this grant
--
-- Only an acquisition checks whether the term is over: as long as nobody has acquired the lease, its owner
-- can do no harm. Owners are identified by the token, so a worker that lost the lease can do nothing.
-- Writes nothing.

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
