-- Hands entries over to the consumers that hold their channels' locks.
--
-- KEYS[1]  the stream
-- KEYS[2+] the locks; none where they live in other slots than the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  prefix of the channel on which a consumer hears notices; its name follows
-- ARGV[4]  the oldest of the ids
-- ARGV[5]  the newest of the ids
-- ARGV[6]  how many locks there are
-- ARGV[7+] for each lock its holder's token, its holder's name, and for how many ids it is
-- then     the ids, lock by lock; a thousand or so: what they cost is all that this costs
-- reply    for each lock 1 handed over, 0 the holder is another by now, -1 nobody of this name
--          listens, as far as we may know
--
-- Atomic so that entries go to who holds the lock at that moment, and only entries that are ours.
-- A holder gets all that is for it in one notice and one claim, of however many locks it is. The
-- notice is sent first: the count of its hearers tells whether the holder is alive. In a cluster
-- the count covers one node only, so there a consumer of the group is taken at its word.
-- Should it fail half-way, holders have what they were told of, or look for it in vain; the entries
-- that were not claimed are ours still, and whose they are is asked before they are handled.
-- After pending.lua.
local stream, group, us, prefix = KEYS[1], ARGV[1], ARGV[2], ARGV[3]

-- Arguments of one call: Lua has room for some thousands.
local CALL = 1000

-- Asked by making it: any list of consumers would have them all. Made anew, it is taken back.
local function exists(name)
  local made = redis.pcall('XGROUP', 'CREATECONSUMER', stream, group, name)
  if made == 1 then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, name)
  end
  return made == 0
end

-- An ACL may forbid the channel: then nobody can say who listens.
local function is_heard(name, notice)
  local hearers = redis.pcall('PUBLISH', prefix .. name, notice)
  if type(hearers) == 'table' then
    return false
  end
  return hearers > 0 or (#KEYS == 1 and exists(name))
end

local locks, ids = tonumber(ARGV[6]), {}
for i = 7 + 3 * locks, #ARGV do
  ids[#ids + 1] = ARGV[i]
end
local ours = delivery_counts(stream, group, us, ARGV[4], ARGV[5], ids)
local is_there = still_there(stream, ARGV[4])

local function claim(name, ids)
  for from = 1, #ids, CALL do
    local call = {'XCLAIM', stream, group, name, 0}
    for i = from, math.min(from + CALL - 1, #ids) do
      call[#call + 1] = ids[i]
    end
    call[#call + 1] = 'JUSTID'
    redis.call(unpack(call))
  end
end

local verdicts, takers, taker = {}, {}, {}
local last = 0
for n = 1, locks do
  local token, holder, count = ARGV[3 * n + 4], ARGV[3 * n + 5], tonumber(ARGV[3 * n + 6])
  local first = last + 1
  last = last + count
  if #KEYS > 1 and redis.pcall('GET', KEYS[n + 1]) ~= token then
    verdicts[n] = 0
  else
    local it = taker[holder]
    if not it then
      it = {name = holder, ids = {}, locks = {}}
      taker[holder] = it
      takers[#takers + 1] = it
    end
    for i = first, last do
      if ours[ids[i]] and is_there(ids[i]) then
        it.ids[#it.ids + 1] = ids[i]
      end
    end
    it.locks[#it.locks + 1] = n
    verdicts[n] = 1
  end
end

for _, it in ipairs(takers) do
  if is_heard(it.name, 'handed-over ' .. table.concat(it.ids, ' ')) then
    claim(it.name, it.ids)
  else
    for _, n in ipairs(it.locks) do
      verdicts[n] = -1
    end
  end
end
return verdicts
