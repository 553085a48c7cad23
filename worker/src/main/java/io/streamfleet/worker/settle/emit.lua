-- Appends what a handler emitted and acknowledges its entry in one step.
--
-- KEYS[1]  the stream of the entry
-- KEYS[2+] the stream of each message, in the order of the messages
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  the entry's id
-- ARGV[4]  about how many entries to keep in a stream; 0 keeps all
-- ARGV[5+] for each message its data, ts and trace_id
-- reply    1, or 0 when the entry is not ours any more, or -1 when a key holds something else than a
--          stream, or a stream that can have no more entries: in both cases nothing was appended
--
-- Atomic so that a message is emitted once for an entry, however often this is sent.
-- If it fails half-way, Redis keeps what was written until then. So what can be known is asked
-- first, and when a later append or the acknowledgement is refused (a stream whose last id is the
-- highest possible, a right that is missing) all that was appended is deleted again: who sends this
-- once more emits nothing twice. Nobody can have read it in between. Memory that is full, a disk
-- that fails and missing replicas are found by the first write, before it does anything.
local row = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
if not row[1] then
  return 0
end
for k = 2, #KEYS do
  local length = redis.pcall('XLEN', KEYS[k])
  if type(length) == 'table' and string.find(length.err, 'WRONGTYPE', 1, true) then
    return -1
  end
end

local appended = {}
local function refused(reply)
  for k, id in pairs(appended) do
    redis.pcall('XDEL', KEYS[k], id)
  end
  if string.find(reply.err, 'exhausted', 1, true) or string.find(reply.err, 'WRONGTYPE', 1, true) then
    return -1
  end
  return reply
end

local at = 5
for k = 2, #KEYS do
  local entry = {'data', ARGV[at], 'ts', ARGV[at + 1], 'trace_id', ARGV[at + 2]}
  local id
  if ARGV[4] == '0' then
    id = redis.pcall('XADD', KEYS[k], '*', unpack(entry))
  else
    id = redis.pcall('XADD', KEYS[k], 'MAXLEN', '~', ARGV[4], '*', unpack(entry))
  end
  if type(id) == 'table' then
    return refused(id)
  end
  appended[k] = id
  at = at + 3
end
local acknowledged = redis.pcall('XACK', KEYS[1], ARGV[1], ARGV[3])
if type(acknowledged) == 'table' then
  return refused(acknowledged)
end
return 1
