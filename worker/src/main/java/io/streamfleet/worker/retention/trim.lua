-- Trims a stream up to the oldest entry that any of its groups still needs.
--
-- KEYS[1]  the stream
-- KEYS[2]  the name of the consumer that trims it, for as long as it goes on with that
-- ARGV[1]  a group of the caller's: without it nothing is trimmed
-- ARGV[2]  the caller's consumer name
-- ARGV[3]  after how many milliseconds without a call another consumer trims
-- ARGV[4]  the most entries that one call removes, unless the oldest node of the stream has more
-- reply    {entries removed, milliseconds since the oldest entry was published that some group
--          needs, that group}; 0 and an empty name where no group needs any
--
-- A script since a group may be made, or be handed entries, between the look and the trimming.
-- XTRIM comes last: if it fails half-way, nothing was removed, and this consumer is the one that trims.
-- A group that has read nothing needs all from where it begins. Entries are kept from the id up to
-- which each group was delivered, so that the last one that was delivered stays as well.
-- '~' removes whole nodes of the stream only, a hundred entries or 4 kB each, which costs next to
-- nothing; only with it Redis takes a limit. So the entries of one node may stay.

-- Ids are compared as text: a number of Lua's is exact up to 2^53 only.
local function below(a, b)
  local a_time, a_seq = string.match(a, '^(%d+)-(%d+)$')
  local b_time, b_seq = string.match(b, '^(%d+)-(%d+)$')
  if a_time == b_time then
    a_time, b_time = a_seq, b_seq
  end
  if #a_time ~= #b_time then
    return #a_time < #b_time
  end
  return a_time < b_time
end

local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if groups.err then
  if string.find(groups.err, 'no such key', 1, true) then
    return {0, 0, ''}
  end
  return groups
end

local ours, upto, needed, needed_by = false, nil, nil, ''
for _, fields in ipairs(groups) do
  local group = {}
  for i = 1, #fields, 2 do
    group[fields[i]] = fields[i + 1]
  end
  ours = ours or group.name == ARGV[1]
  local kept = group['last-delivered-id']
  local first
  if group.pending > 0 then
    first = redis.call('XPENDING', KEYS[1], group.name, '-', '+', 1)[1]
    if first and below(first[1], kept) then
      kept = first[1]
    end
  end
  if not upto or below(kept, upto) then
    upto = kept
  end
  -- The lag is 0, or a number, or not known.
  local oldest = first and first[1]
  if not oldest and group.lag ~= 0 then
    local unread = redis.call('XRANGE', KEYS[1], '(' .. kept, '+', 'COUNT', 1)[1]
    oldest = unread and unread[1]
  end
  if oldest and (not needed or below(oldest, needed)) then
    needed, needed_by = oldest, group.name
  end
end

local age = 0
if needed then
  local time = redis.call('TIME')
  age = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(string.match(needed, '^%d+'))
end

if not ours or upto == '0-0' then
  return {0, math.max(0, age), needed_by}
end
local taken = redis.pcall('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3])
if not taken then
  if redis.call('GET', KEYS[2]) ~= ARGV[2] then
    return {0, math.max(0, age), needed_by}
  end
  redis.pcall('PEXPIRE', KEYS[2], ARGV[3])
end
-- Where the name was refused each consumer trims, which does no harm: a server whose memory is full
-- refuses it, and needs the room more than ever.
local removed = redis.call('XTRIM', KEYS[1], 'MINID', '~', upto, 'LIMIT', ARGV[4])
if removed == 0 then
  -- A node that has more entries than that (stream-node-max-entries) would never be removed.
  removed = redis.call('XTRIM', KEYS[1], 'MINID', '~', upto, 'LIMIT', 100 * ARGV[4])
end
return {removed, math.max(0, age), needed_by}
