-- Appends entries of a plain stream to one of its partitions, under the same ids.
--
-- KEYS[1]  the stream of the partition
-- ARGV[1]  the id of the last entry that the caller appended here under its lease, or found here; 0-0 if
--          there is none
-- ARGV[2+] for each entry, oldest first: its id, the number of its fields and values, and these
-- reply    {the number of entries appended, how many of them under a new id}; or {} if the stream has lost
--          the caller's last entry, and then nothing was appended
--
-- A stream refuses an id that is not above its last one, so an entry that is there already is not
-- appended again, whoever appended it. For the same reason no entry may be skipped, since it would be
-- refused for ever. A stream that has lost the caller's last entry may have lost others before it.
-- Where somebody else has appended to the partition, which nobody should, an entry may be refused that is
-- not there. It gets a new id then. It is not there if nobody finds it, and if the caller knows that it
-- has appended none so new, or if it is too new to have been trimmed away since.
-- Atomic so that nobody appends newer entries before those that a failover has lost. Running it twice does
-- no harm, and neither does a failure half-way: the entries before that are appended.
local function parts(id)
  return string.match(id, '(%d+)-(%d+)')
end

local function is_above(id, other)
  local a, s = parts(id)
  local b, t = parts(other)
  if a == b then
    a, b = s, t
  end
  return #a > #b or (#a == #b and a > b)
end

local last, first, deleted = '0-0', nil, '0-0'
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err and not string.find(info.err, 'no such key', 1, true) then
  return info
end
for i = 1, #info, 2 do
  if info[i] == 'last-generated-id' then
    last = info[i + 1]
  elseif info[i] == 'max-deleted-entry-id' then
    deleted = info[i + 1]
  elseif info[i] == 'first-entry' and info[i + 1] then
    first = info[i + 1][1]
  end
end
if is_above(ARGV[1], last) then
  return {}
end

local function is_there(id)
  if redis.call('XRANGE', KEYS[1], id, id)[1] then
    return true
  end
  local may_be_trimmed = not first or is_above(first, id) or not is_above(id, deleted)
  return ARGV[1] == '0-0' and may_be_trimmed
end

local at, appended, moved, count = 2, 0, 0, #ARGV
-- They come in their order: behind one that is above the last, all are.
local rest_is_new = false
while at <= count do
  local id, to = ARGV[at], at + 1 + ARGV[at + 1]
  local from = at + 2
  rest_is_new = rest_is_new or is_above(id, last)
  if rest_is_new then
    redis.call('XADD', KEYS[1], id, unpack(ARGV, from, to))
    appended = appended + 1
  elseif not is_there(id) then
    last = redis.call('XADD', KEYS[1], '*', unpack(ARGV, from, to))
    appended = appended + 1
    moved = moved + 1
  end
  at = to + 1
end
return {appended, moved}
