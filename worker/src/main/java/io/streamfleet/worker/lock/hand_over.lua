-- Hands entries over to the consumers that hold their channels' locks.
--
-- KEYS[1]  the stream
-- KEYS[2+] the locks; none where they live in other slots than the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  prefix of the channel on which a consumer hears notices; its name follows
-- ARGV[4]  how much may be pending for a holder that is given more
-- ARGV[5+] for each lock: its holder's token, its holder's name, how many ids follow, the ids
-- reply    for each lock 1 handed over, 0 the holder is another by now, -1 nobody of this name
--          listens, or it is far behind
--
-- Atomic so that entries go to who holds the lock at that moment, and only entries that are ours.
-- The notice is sent first: the count of its hearers tells whether the holder is alive. In a
-- cluster the count covers one node only, so there a consumer of the group is taken at its word.
local function exists(name)
  for _, row in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    if row[2] == name then
      return true
    end
  end
  return false
end

-- What is pending for a consumer. A holder that is far behind is given no more: who waits for it
-- keeps ids, not payloads, and tries for the lock.
local function pendingOf(name)
  for _, row in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1])[4] or {}) do
    if row[1] == name then
      return tonumber(row[2])
    end
  end
  return 0
end

local out = {}
local at = 5
local lock = 2
while at <= #ARGV do
  local token, holder, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local first, last = at + 3, at + 2 + count
  local verdict = 1
  if KEYS[lock] and redis.call('GET', KEYS[lock]) ~= token then
    verdict = 0
  elseif pendingOf(holder) > tonumber(ARGV[4]) then
    verdict = -1
  else
    local ours = {}
    for i = first, last do
      if redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])[1]
        and redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i], 'COUNT', 1)[1] then
        ours[#ours + 1] = ARGV[i]
      end
    end
    local notice = 'handed-over ' .. table.concat(ours, ' ')
    local hearers = redis.call('PUBLISH', ARGV[3] .. holder, notice)
    if hearers == 0 and (KEYS[lock] or not exists(holder)) then
      verdict = -1
    else
      for _, id in ipairs(ours) do
        redis.call('XCLAIM', KEYS[1], ARGV[1], holder, 0, id, 'JUSTID')
      end
    end
  end
  out[#out + 1] = verdict
  lock = lock + 1
  at = last + 1
end
return out
