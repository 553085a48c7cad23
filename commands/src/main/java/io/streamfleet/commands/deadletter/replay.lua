-- Replays a dead letter: appends its entry to its stream and deletes the letter.
--
-- KEYS[1]  the dead-letter stream
-- KEYS[2]  the stream that the letter was read from
-- ARGV[1]  the letter's id
-- reply    {1, the id of the new entry}, or {0, ''} if the letter does not exist
--
-- Atomic, so that a letter is replayed once even if several people replay it, or the call is sent
-- again: the second call does not find the letter.
-- If it fails half-way: the letter would stay, and each try would append another entry. So the right
-- to delete the letter is checked first. If the append is refused, nothing was changed; if the
-- deletion is refused for another reason, the entry is deleted again.
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
