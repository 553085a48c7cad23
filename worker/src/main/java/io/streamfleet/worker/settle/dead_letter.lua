-- Moves an entry to the dead letters: appended there and acknowledged here in one step.
--
-- KEYS[1]  the stream
-- KEYS[2]  the dead-letter stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  the entry's id
-- ARGV[4]  1: only if the entry is pending for us; 0: its payload is gone, and XAUTOCLAIM took it
--          from the list already
-- ARGV[5]  about how many dead letters to keep; 0 keeps all
-- ARGV[6]  error  ARGV[7] attempt  ARGV[8] reason  ARGV[9] failed_at
-- ARGV[10] how many fields to keep beyond the three that a letter names
-- ARGV[11] the key of the mark of a letter that is written for an entry that is not pending, in the
--          slot of the stream; empty: none. Not among the keys: a user without a right to it could
--          not run this at all
-- ARGV[12] how long the mark lives, in milliseconds
-- reply    1, or 0 when the entry is not ours any more
--
-- Atomic so that a crash in between neither loses the letter nor writes it twice. What the pending
-- list has forgotten cannot be asked about there, so a mark tells that its letter is written when
-- this is sent once more.
-- If it fails half-way, Redis keeps what was written until then. So the letter comes first, without
-- which nothing else is to happen, and is deleted again when the acknowledgement or the mark is
-- refused: each further try would write another one. Memory that is full, a disk that fails and
-- missing replicas are found by the first write, before it does anything.
-- The payload is copied within Redis; fields beyond the three that dead letters name are kept with
-- the prefix "field.", so that a replay restores the entry whole. Of very many the first are kept,
-- and fields_left_out says how many are not.
local mark = ARGV[11]
if mark ~= '' and not redis.acl_check_cmd('SET', mark, '', 'PX', '1') then
  mark = ''
end
if mark ~= '' and redis.call('GET', mark) then
  return 1
end
if ARGV[4] == '1' then
  local row = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
  if not row[1] then
    return 0
  end
end
local data, ts, trace = '', '', ''
local others = {}
local most, left = 2 * tonumber(ARGV[10]), 0
local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
if entry then
  local fields = entry[2]
  for i = 1, #fields, 2 do
    if fields[i] == 'data' then
      data = fields[i + 1]
    elseif fields[i] == 'ts' then
      ts = fields[i + 1]
    elseif fields[i] == 'trace_id' then
      trace = fields[i + 1]
    elseif #others < most then
      others[#others + 1] = 'field.' .. fields[i]
      others[#others + 1] = fields[i + 1]
    else
      left = left + 1
    end
  end
end
local letter = {
  'original_stream', KEYS[1], 'original_msg_id', ARGV[3], 'error', ARGV[6], 'attempt', ARGV[7],
  'data', data, 'ts', ts, 'trace_id', trace,
  'group', ARGV[1], 'consumer', ARGV[2], 'reason', ARGV[8], 'failed_at', ARGV[9]
}
if left > 0 then
  letter[#letter + 1] = 'fields_left_out'
  letter[#letter + 1] = left
end
for i = 1, #others do
  letter[#letter + 1] = others[i]
end
local written
if ARGV[5] == '0' then
  written = redis.call('XADD', KEYS[2], '*', unpack(letter))
else
  written = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', unpack(letter))
end
local last
if mark ~= '' then
  last = redis.pcall('SET', mark, written, 'PX', ARGV[12])
else
  last = redis.pcall('XACK', KEYS[1], ARGV[1], ARGV[3])
end
if type(last) == 'table' and last.err then
  redis.pcall('XDEL', KEYS[2], written)
  return last
end
return 1
