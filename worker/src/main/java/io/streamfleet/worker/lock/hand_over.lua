-- Hands entries over to the consumers that hold their channels' locks.
--
-- KEYS[1]  the stream
-- KEYS[2+] the locks; none where they live in other slots than the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  prefix of the channel on which a consumer hears notices; its name follows
-- ARGV[4]  how much may be pending for a holder that is given more
-- ARGV[5]  the oldest of the ids
-- ARGV[6]  the newest of the ids
-- ARGV[7]  how many locks there are
-- ARGV[8+] for each lock its holder's token, its holder's name, and for how many ids it is
-- then     the ids, lock by lock
-- reply    for each lock 1 handed over, 0 the holder is another by now, -1 nobody of this name
--          listens, or it is far behind
--
-- Atomic so that entries go to who holds the lock at that moment, and only entries that are ours.
-- A holder gets all that is for it in one notice and one claim, of however many locks it is. The
-- notice is sent first: the count of its hearers tells whether the holder is alive. In a cluster
-- the count covers one node only, so there a consumer of the group is taken at its word.
-- After pending.lua.
local stream, group, us, prefix, most = KEYS[1], ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

-- Arguments of one call: Lua has room for some thousands.
local CALL = 1000

local function exists(name)
  for _, row in ipairs(redis.call('XINFO', 'CONSUMERS', stream, group)) do
    if row[2] == name then
      return true
    end
  end
  return false
end

-- What is pending for each consumer. A holder that is far behind is given no more: who waits for
-- it keeps ids, not payloads, and tries for the lock.
local pending = {}
for _, row in ipairs(redis.call('XPENDING', stream, group)[4] or {}) do
  pending[row[1]] = tonumber(row[2])
end

local locks, ids = tonumber(ARGV[7]), {}
for i = 8 + 3 * locks, #ARGV do
  ids[#ids + 1] = ARGV[i]
end
local ours = delivery_counts(stream, group, us, ARGV[5], ARGV[6], ids)
local is_there = still_there(stream, ARGV[5])

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
  local token, holder, count = ARGV[3 * n + 5], ARGV[3 * n + 6], tonumber(ARGV[3 * n + 7])
  local first = last + 1
  last = last + count
  if #KEYS > 1 and redis.call('GET', KEYS[n + 1]) ~= token then
    verdicts[n] = 0
  elseif (pending[holder] or 0) > most then
    verdicts[n] = -1
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
        pending[holder] = (pending[holder] or 0) + 1
      end
    end
    it.locks[#it.locks + 1] = n
    verdicts[n] = 1
  end
end

for _, it in ipairs(takers) do
  local notice = 'handed-over ' .. table.concat(it.ids, ' ')
  if redis.call('PUBLISH', prefix .. it.name, notice) == 0 and (#KEYS > 1 or not exists(it.name)) then
    for _, n in ipairs(it.locks) do
      verdicts[n] = -1
    end
  else
    claim(it.name, it.ids)
  end
end
return verdicts
