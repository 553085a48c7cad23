-- Appends entries of a plain stream to one of its partitions, under the same ids.
--
-- KEYS[1]  the stream of the partition
-- ARGV[1]  the id of the last entry that the caller appended here under its lease, or found here; 0-0 if
--          there is none
-- ARGV[2]  the approximate limit of entries to keep; 0 keeps all
-- ARGV[3+] for each entry, oldest first: its id, the number of its fields and values, and these
-- reply    the number of entries appended; -1 if the stream has lost the caller's last entry, and then
--          nothing was appended
--
-- A stream refuses an id that is not above its last one, so an entry that is there already is not
-- appended again, whoever appended it. For the same reason no entry may be skipped, since it would be
-- refused for ever. A stream that has lost the caller's last entry may have lost others before it.
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

local last = '0-0'
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err and not string.find(info.err, 'no such key', 1, true) then
  return info
end
for i = 1, #info, 2 do
  if info[i] == 'last-generated-id' then
    last = info[i + 1]
  end
end
if is_above(ARGV[1], last) then
  return -1
end

local at, appended = 3, 0
while at <= #ARGV do
  local id, texts = ARGV[at], tonumber(ARGV[at + 1])
  if is_above(id, last) then
    if ARGV[2] == '0' then
      redis.call('XADD', KEYS[1], id, unpack(ARGV, at + 2, at + 1 + texts))
    else
      redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], id, unpack(ARGV, at + 2, at + 1 + texts))
    end
    last = id
    appended = appended + 1
  end
  at = at + 2 + texts
end
return appended
