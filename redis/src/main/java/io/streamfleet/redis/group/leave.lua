-- Makes the pending entries of a consumer claimable at once, one page of them.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  the consumer that leaves or is gone
-- ARGV[3]  the idle time to set on its entries, in milliseconds
-- ARGV[4]  the id to continue at, - to begin
-- ARGV[5]  the maximum number of entries
-- ARGV[6]  the channel to which it is subscribed if it is alive; empty: not checked
-- ARGV[7]  a subscribed consumer that called within this many milliseconds is alive
-- ARGV[8]  1: without a subscriber on this node there is none; 0: there may be one on another node
-- ARGV[9]  the hash of the stream's suspects, in which it is noted that a consumer is gone that had
--          the entry; empty: nothing is noted
-- ARGV[10] for how many milliseconds that hash is kept
-- ARGV[11+] ids of entries whose handler was started
-- reply    alive (1: nothing was done; else 0), entries changed, the last id that was read unless
--          this was the last page
--
-- Claiming an entry increments its delivery count. A worker that shuts down therefore reduces the
-- count of what it never tried by one; otherwise rolling updates alone would move a backlog to the
-- dead letters. For a consumer that is gone nobody knows what it tried, so all counts are reduced; an
-- entry that several consumers had that are gone becomes a suspect. The hash is an argument and not a
-- key, so that a user without the right to it can release all the same.
-- Entries that the stream no longer has are left to the sweep, which counts them; XCLAIM would
-- delete them from the pending list.
-- Atomic because XCLAIM takes an entry from whoever has it, creates a consumer that does not exist
-- (here it has entries, so it exists), and must not take from a consumer that came back meanwhile.
-- May be run again: entries that look idle already are skipped. If it fails half-way, each entry was
-- changed by one write, and the next run continues with the others.
local group, consumer, idle, tried = ARGV[1], ARGV[2], tonumber(ARGV[3]), {}
for i = 11, #ARGV do
  tried[ARGV[i]] = true
end

-- After a crash of its machine a connection stays subscribed for minutes, so a subscription alone
-- does not prove that the consumer is alive. Neither does a recent call: the process may have been
-- killed since.
local function may_be_subscribed()
  if ARGV[6] == '' then
    return false
  end
  -- An ACL may forbid PUBSUB.
  local subscribers = redis.pcall('PUBSUB', 'NUMSUB', ARGV[6])
  return subscribers.err or tonumber(subscribers[2]) > 0 or ARGV[8] ~= '1'
end

local function called_recently()
  for _, fields in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], group)) do
    local info = {}
    for i = 1, #fields, 2 do
      info[fields[i]] = fields[i + 1]
    end
    if info.name == consumer then
      return info.idle < tonumber(ARGV[7])
    end
  end
  return false
end

if may_be_subscribed() and called_recently() then
  return {1, 0}
end

local function note_gone(id)
  local suspects = ARGV[9]
  if suspects == '' or not redis.acl_check_cmd('HSET', suspects, id, '') then
    return
  end
  local known = redis.pcall('HGET', suspects, id)
  local deaths, alone, gone =
    string.match(type(known) == 'string' and known or '', '^(%d+) (%d+) (%d+)$')
  redis.pcall('HSET', suspects, id,
    string.format('%d %d %d', deaths or 0, alone or 0, (gone or 0) + 1))
  redis.pcall('PEXPIRE', suspects, ARGV[10])
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
  if not tried[row[1]] and count > 0 then
    count = count - 1
  end
  redis.call('XCLAIM', KEYS[1], group, consumer, 0, row[1],
    'IDLE', idle, 'RETRYCOUNT', count, 'JUSTID')
  note_gone(row[1])
end
local reply = {0, #fresh}
if #rows == tonumber(ARGV[5]) then
  reply[3] = rows[#rows][1]
end
return reply
