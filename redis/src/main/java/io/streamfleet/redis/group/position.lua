-- Reads how far a group has read, and what identifies its stream.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- reply    {} if the stream does not exist, else {last generated id, entries ever added, greatest
--          deleted id, first id or '', last id delivered to the group or '' if it does not exist}
--
-- Atomic so that the position belongs to this stream. XINFO STREAM returns the first and the last
-- entry with their payloads; only the ids leave the server.
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
