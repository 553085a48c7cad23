-- Takes the locks of many channels.
--
-- KEYS     the locks
-- ARGV[1]  our token
-- ARGV[2]  how long they hold, in milliseconds
-- ARGV[3]  how the tokens of every process begin that bears our consumer name
-- ARGV[4]  how the tokens of this process begin
-- reply    for each lock '' when it is ours now, else the token of its holder
--
-- Atomic so that a lock which we hold already (a call sent twice) counts as ours, and one that an
-- earlier life of this consumer left behind is taken over rather than waited for: consumer names
-- are unique, so that life is over.
local out = {}
for i = 1, #KEYS do
  if redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[2]) then
    out[i] = ''
  else
    local holder = redis.call('GET', KEYS[i])
    local lifeBefore = string.sub(holder, 1, #ARGV[3]) == ARGV[3]
      and string.sub(holder, 1, #ARGV[4]) ~= ARGV[4]
    if holder == ARGV[1] or lifeBefore then
      redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
      out[i] = ''
    else
      out[i] = holder
    end
  end
end
return out
