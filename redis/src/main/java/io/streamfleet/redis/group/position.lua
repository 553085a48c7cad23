-- Tells how far a group has come, and by what its stream is known again.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- reply    {} when there is no such stream, else {the last id that it has given out, how many entries
--          were ever added, the greatest id that was deleted, the first id that it holds or '', the
--          last id that the group was delivered or '' where there is no such group}
--
-- One step so that the group's position is surely one in this stream. Of XINFO STREAM, which brings
-- the first and the last entry along with their payloads, only the ids leave the server.
-- Writes nothing.
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
  if string.find(info.err, 'no such key', 1, true) then
    return {}
  end
  return info
end
local about = {}
for i = 1, #info, 2 do
  about[info[i]] = info[i + 1]
end
local first = about['first-entry']
local delivered = ''
for _, row in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #row, 2 do
    group[row[i]] = row[i + 1]
  end
  if group['name'] == ARGV[1] then
    delivered = group['last-delivered-id']
  end
end
return {
  about['last-generated-id'],
  about['entries-added'] or 0,
  about['max-deleted-entry-id'] or '0-0',
  first and first[1] or '',
  delivered
}
