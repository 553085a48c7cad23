-- Sends a dead letter back: appended to its stream and deleted here in one step.
--
-- KEYS[1]  the dead-letter stream
-- KEYS[2]  the stream that the letter was read from
-- ARGV[1]  the letter's id
-- reply    {1, the id of the new entry}, or {0, ''} when the letter is gone
--
-- Atomic so that a letter is replayed once, by however many people and however often this is sent:
-- whoever comes second finds no letter.
-- If it fails half-way: each further try would append one more. So the right to delete the letter is
-- asked for first; when the append is refused nothing was done, and when the deletion is, for
-- whatever reason, the entry is deleted again.
if not redis.acl_check_cmd('XDEL', KEYS[1], ARGV[1]) then
  return redis.error_reply('NOPERM no right to delete dead letters (XDEL)')
end
local letter = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not letter then
  return {0, ''}
end
local fields = letter[2]
local data, ts, trace = '', '', ''
local others = {}
for i = 1, #fields, 2 do
  local name, value = fields[i], fields[i + 1]
  if name == 'data' then
    data = value
  elseif name == 'ts' then
    ts = value
  elseif name == 'trace_id' then
    trace = value
  elseif string.sub(name, 1, 6) == 'field.' then
    others[#others + 1] = string.sub(name, 7)
    others[#others + 1] = value
  end
end
local entry = redis.call('XADD', KEYS[2], '*',
  'data', data, 'ts', ts, 'trace_id', trace, unpack(others))
local deleted = redis.pcall('XDEL', KEYS[1], ARGV[1])
if type(deleted) == 'table' then
  redis.pcall('XDEL', KEYS[2], entry)
  return deleted
end
return {1, entry}
