-- Takes the locks of many channels.
--
-- KEYS     the locks
-- ARGV[1]  our token, <consumer>/<uuid>
-- ARGV[2]  how long they hold, in milliseconds
-- ARGV[3]  our consumer name
-- ARGV[4]  how the uuids of this process begin
-- ARGV[5]  what follows that in the uuids of all who read the same streams and group
-- reply    for each lock '' when it is ours now, else the token of its holder, or in a list of its own
--          why Redis can't tell: something else lies there
--
-- Atomic so that a lock which we hold already (a call sent twice) counts as ours, and one that an
-- earlier life of this consumer left behind is taken over rather than waited for: two living ones
-- of a name never read the same, so that life is over. A name may hold slashes and be used elsewhere
-- too, so both parts of the token are compared as a whole.
-- Should it fail half-way, the locks that it took are ours, and asking again finds them so.
local consumer, process, scope = ARGV[3], ARGV[4], ARGV[5]

local function is_life_before(holder)
  local name, uuid = string.match(holder, '^(.*)/([^/]*)$')
  return name == consumer
    and string.sub(uuid, 1, #process) ~= process
    and string.sub(uuid, #process + 1, #process + #scope) == scope
end

local out = {}
for i = 1, #KEYS do
  if redis.call('SET', KEYS[i], ARGV[1], 'NX', 'PX', ARGV[2]) then
    out[i] = ''
  else
    local holder = redis.pcall('GET', KEYS[i])
    if type(holder) == 'table' then
      out[i] = {holder.err}
    elseif holder == ARGV[1] or is_life_before(holder) then
      redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
      out[i] = ''
    else
      out[i] = holder
    end
  end
end
return out
