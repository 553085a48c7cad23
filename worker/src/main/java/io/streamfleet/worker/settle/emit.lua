-- Appends the messages that a handler emitted and acknowledges its entry in one step.
--
-- KEYS[1]  the stream of the entry
-- KEYS[2+] the stream of each message, in the order of the messages
-- ARGV[1]  the group
-- ARGV[2]  this consumer's name
-- ARGV[3]  the entry's id
-- ARGV[4]  the approximate limit of entries to keep in a stream; 0 keeps all
-- ARGV[5]  the key of the lease of the partition, in the slot of the stream; empty: none. Not among
--          the keys: those are streams
-- ARGV[6]  our token of the lease  ARGV[7] the number of this settlement under it
-- ARGV[8+] for each message its data, ts, trace_id, traceparent and tracestate; without the last two
--          if they are empty
-- reply    1; or 0 if the entry is not pending for this consumer any more; or -1 if a key is not a
--          stream, or its last id is the highest possible. Or -2 if the lease is not ours
--          any more, or Redis counts settlements otherwise. With these nothing was appended
--
-- Atomic so that messages are emitted once for an entry, however often this is sent.
-- If it fails half-way, Redis keeps what was written before. So the types of the keys are checked
-- first, and if a later append or the acknowledgement is refused (the highest id, a missing right),
-- all that was appended is deleted again, so that a repetition emits nothing twice. Nobody can have
-- read it in between. Full memory, a failing disk and missing replicas are found by the first write,
-- before it has an effect.
-- After lease.lua.
local lease, number = ARGV[5], tonumber(ARGV[7])
local over = settled_or_lost(lease, ARGV[6], number)
if over then
  return over
end
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

local at = 8
for k = 2, #KEYS do
  local entry = {'data', ARGV[at], 'ts', ARGV[at + 1], 'trace_id', ARGV[at + 2]}
  for i, name in ipairs({'traceparent', 'tracestate'}) do
    if ARGV[at + 2 + i] ~= '' then
      entry[#entry + 1] = name
      entry[#entry + 1] = ARGV[at + 2 + i]
    end
  end
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
  at = at + 5
end
local acknowledged = redis.pcall('XACK', KEYS[1], ARGV[1], ARGV[3])
if type(acknowledged) == 'table' then
  return refused(acknowledged)
end
entry_settled(lease, number)
return 1
