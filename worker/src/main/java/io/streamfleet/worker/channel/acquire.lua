-- Acquires the locks of many channels.
--
-- KEYS     the locks
-- ARGV[1]  this pipeline's token, <consumer>/<uuid>
-- ARGV[2]  the TTL of the locks in milliseconds
-- ARGV[3]  this worker's consumer name
-- ARGV[4]  the start of all UUIDs of this process
-- ARGV[5]  the next part of the UUIDs of all who read the same streams and group
-- ARGV[6]  1: the server's clock went back a while ago
-- reply    the server's time in milliseconds; and for each lock: '' if it is held now, or the token of
--          its holder, or a list with Redis' error if the key has another type
--
-- Atomic so that a lock that is held already (if a call is sent twice) counts as held, and one that an
-- earlier process of this consumer name left behind is taken over: two running processes of one name
-- never read the same, so that process has ended. A name may contain slashes and be used elsewhere, so
-- each part of the token is compared as a whole.
-- A lock expires at a time of the server's clock. If that clock went back, the lock of a holder that
-- died would last so much longer. So the remaining time of a lock is cut to this worker's TTL: a living
-- holder renews at a third of its own TTL, which is soon enough unless its TTL is three times as long.
-- A value that is no worker's token is left as it is: someone may have set it to last.
-- If it fails half-way, the locks that were acquired are held, and a repetition finds them so.
local consumer, process, scope = ARGV[3], ARGV[4], ARGV[5]

local function is_life_before(holder)
  local name, uuid = string.match(holder, '^(.*)/([^/]*)$')
  return name == consumer
    and string.sub(uuid, 1, #process) ~= process
    and string.sub(uuid, #process + 1, #process + #scope) == scope
end

local function is_token(holder)
  return string.match(holder, '%x+%-%x+%-%x+%-%x+%-%x+$')
end

local time = redis.call('TIME')
local out = {time[1] * 1000 + math.floor(time[2] / 1000)}
for i = 1, #KEYS do
  if redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[2]) then
    out[i + 1] = ''
  else
    local holder = redis.pcall('GET', KEYS[i])
    if type(holder) == 'table' then
      out[i + 1] = {holder.err}
    elseif holder == ARGV[1] or is_life_before(holder) then
      redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
      out[i + 1] = ''
    else
      if ARGV[6] == '1' and is_token(holder)
        and redis.call('PTTL', KEYS[i]) > tonumber(ARGV[2]) then
        redis.call('PEXPIRE', KEYS[i], ARGV[2])
      end
      out[i + 1] = holder
    end
  end
end
return out
