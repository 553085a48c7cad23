-- Takes the locks of many channels.
--
-- KEYS     the locks
-- ARGV[1]  our token, <consumer>/<uuid>
-- ARGV[2]  how long they hold, in milliseconds
-- ARGV[3]  our consumer name
-- ARGV[4]  how the uuids of this process begin
-- ARGV[5]  what follows that in the uuids of all who read the same streams and group
-- ARGV[6]  1: the server's clock went back a while ago
-- reply    the server's time in milliseconds, and for each lock '' when it is ours now, else the
--          token of its holder, or in a list of its own why Redis can't tell: something else lies
--          there
--
-- Atomic so that a lock which we hold already (a call sent twice) counts as ours, and one that an
-- earlier life of this consumer left behind is taken over rather than waited for: two living ones
-- of a name never read the same, so that life is over. A name may hold slashes and be used
-- elsewhere too, so each part of the token is compared as a whole.
-- A lock's end is a time of the server's clock. When that went back, the lock of a holder that died
-- since would last that much longer, so none is left more than our time: who lives renews it at a
-- third of its own, before it runs out unless that is three times ours. What is no token of a worker
-- was set by somebody who may have wanted it to last.
-- Should it fail half-way, the locks that it took are ours, and asking again finds them so.
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
