-- Takes the locks of many channels.
--
-- KEYS     the locks
-- ARGV[1]  our token
-- ARGV[2]  how long they hold, in milliseconds
-- reply    for each lock '' when it is ours now, else the token of its holder
--
-- Atomic so that a lock which we hold already (a call sent twice) counts as ours.
local out = {}
for i = 1, #KEYS do
  if redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[2]) then
    out[i] = ''
  else
    local holder = redis.call('GET', KEYS[i])
    if holder == ARGV[1] then
      redis.call('PEXPIRE', KEYS[i], ARGV[2])
      out[i] = ''
    else
      out[i] = holder
    end
  end
end
return out
