-- Makes what is pending for a consumer claimable at once, one page of it.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  the consumer that leaves, or has left
-- ARGV[3]  how long its entries are to look idle, in milliseconds
-- ARGV[4]  where to go on, - to begin
-- ARGV[5]  entries at the most
-- ARGV[6]  the channel on which it would listen if it were alive; empty: not asked
-- ARGV[7]  who listens, and has called within so many milliseconds, is alive
-- ARGV[8]  1: that nobody listens on this node means nobody does; 0: others may know better
-- ARGV[9]  1: an entry that was never tried is given back with one delivery less; 0: counts stay
-- ARGV[10+] ids of entries that the handler has begun with
-- reply    alive (1, and nothing was done, or 0), entries changed, the last id seen unless this
--          was the end
--
-- Who claims an entry counts one more delivery. A worker that leaves in good order therefore gives
-- what it never tried back with one less: else rolling updates alone would send what waits in a
-- backlog to the dead letters. Of who is gone without a word nobody knows what it tried.
-- What the stream holds no more is left to who sweeps, and counts it; XCLAIM would strike it off.
-- Atomic because XCLAIM takes an entry from whoever has it, creates a consumer that does not exist
-- (here it has entries, so it does), and must not take from who came back since it was asked.
-- Run twice it does no harm: what looks idle already is passed over. So neither does a failure
-- half-way: each entry is changed by one write, and the next run goes on with those behind it.
local group, consumer, idle, tried = ARGV[1], ARGV[2], tonumber(ARGV[3]), {}
for i = 10, #ARGV do
  tried[ARGV[i]] = true
end

-- A connection whose machine is gone without a word listens on for minutes, so listening alone is
-- no proof of life; nor is a call of a moment ago, of a process that was killed since.
local function may_listen()
  if ARGV[6] == '' then
    return false
  end
  -- An ACL may forbid the question.
  local hearers = redis.pcall('PUBSUB', 'NUMSUB', ARGV[6])
  return hearers.err or tonumber(hearers[2]) > 0 or ARGV[8] ~= '1'
end

local function called_lately()
  for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], group)) do
    local said = {}
    for i = 1, #fields, 2 do
      said[fields[i]] = fields[i + 1]
    end
    if said.name == consumer then
      return said.idle < tonumber(ARGV[7])
    end
  end
  return false
end

if may_listen() and called_lately() then
  return {1, 0}
end

local rows = redis.call('XPENDING', KEYS[1], group, ARGV[4], '+', ARGV[5], consumer)
local fresh = {}
for _, row in ipairs(rows) do
  if row[3] < idle and redis.call('XRANGE', KEYS[1], row[1], row[1], 'COUNT', 1)[1] then
    table.insert(fresh, row)
  end
end

for _, row in ipairs(fresh) do
  local count = row[4]
  if ARGV[9] == '1' and not tried[row[1]] and count > 0 then
    count = count - 1
  end
  redis.call('XCLAIM', KEYS[1], group, consumer, 0, row[1],
    'IDLE', idle, 'RETRYCOUNT', count, 'JUSTID')
end
local reply = {0, #fresh}
if #rows == tonumber(ARGV[5]) then
  reply[3] = rows[#rows][1]
end
return reply
