-- Moves an entry to the dead letters: appends the dead letter and acknowledges the entry in one step.
--
-- KEYS[1]  the stream
-- KEYS[2]  the dead-letter stream
-- ARGV[1]  the group
-- ARGV[2]  this consumer's name
-- ARGV[3]  the entry's id
-- ARGV[4]  1: only if the entry is pending for this consumer; 0: it was deleted from the stream, and
--          XAUTOCLAIM has removed it from the pending entries list
-- ARGV[5]  the approximate limit of dead letters to keep; 0 keeps all
-- ARGV[6]  error  ARGV[7] attempt  ARGV[8] reason  ARGV[9] failed_at
-- ARGV[10] the limit of fields to keep beyond data, ts and trace_id
-- ARGV[11] the key that marks the dead letter of an entry that is not pending as written, in the slot
--          of the stream; empty: none. Not among the keys: a user without a right to it could not run
--          this at all
-- ARGV[12] how long the mark lives, in milliseconds
-- ARGV[13] the key of the lease of the partition, in the slot of the stream; empty: none
-- ARGV[14] our token of the lease  ARGV[15] the number of this settlement under it
-- reply    1; or 0 if the entry is not pending for this consumer any more; or -2 if the lease is not
--          ours any more, or Redis counts settlements otherwise
--
-- Atomic so that a crash in between neither loses the dead letter nor writes it twice. For an entry
-- that is not in the pending entries list, the mark tells a repetition that its dead letter is written.
-- If it fails half-way, Redis keeps what was written before. So the dead letter is written first, and
-- deleted again if the acknowledgement or the mark is refused: otherwise each repetition would write
-- another one. Full memory, a failing disk and missing replicas are found by the first write, before it
-- has an effect.
-- The payload is copied within Redis. Fields other than data, ts and trace_id are kept with the prefix
-- "field.", so that a replay restores the whole entry. If there are too many, the first are kept, and
-- fields_left_out says how many are not.
-- After lease.lua.
local lease, number = ARGV[13], tonumber(ARGV[15])
local over = settled_or_lost(lease, ARGV[14], number)
if over then
  return over
end
local mark = ARGV[11]
if mark ~= '' and not redis.acl_check_cmd('SET', mark, '', 'PX', '1') then
  mark = ''
end
if mark ~= '' and redis.call('GET', mark) then
  entry_settled(lease, number)
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
local dead_letter = {
  'original_stream', KEYS[1], 'original_msg_id', ARGV[3], 'error', ARGV[6], 'attempt', ARGV[7],
  'data', data, 'ts', ts, 'trace_id', trace,
  'group', ARGV[1], 'consumer', ARGV[2], 'reason', ARGV[8], 'failed_at', ARGV[9]
}
if left > 0 then
  dead_letter[#dead_letter + 1] = 'fields_left_out'
  dead_letter[#dead_letter + 1] = left
end
for i = 1, #others do
  dead_letter[#dead_letter + 1] = others[i]
end
local written
if ARGV[5] == '0' then
  written = redis.call('XADD', KEYS[2], '*', unpack(dead_letter))
else
  written = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', unpack(dead_letter))
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
entry_settled(lease, number)
return 1
