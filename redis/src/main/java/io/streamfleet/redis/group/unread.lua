-- Finds the first unread entry of each group of a stream.
--
-- KEYS[1]  the stream
-- reply    for each group its name, the id of that entry or '' if all is read, and 1 if it is the
--          first entry of the stream, else 0
--
-- Redis counts what a group has read separately from its last delivered id, and Redis 7.0 does not
-- replicate the count: after a failover a group that has read everything has a lag for ever. After
-- an entry was deleted, Redis does not know the lag. Whether an entry follows the last delivered id
-- can always be read. Unread entries that were trimmed stay in the lag for ever; that they are
-- missing can be told only while the next entry of the group is the first one of the stream.
-- Atomic so that ids and entries are of the same moment. Writes nothing.
local found = {}
local first
for _, row in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #row, 2 do
    group[row[i]] = row[i + 1]
  end
  -- An error if the last delivered id is the highest possible one.
  local next = redis.pcall('XRANGE', KEYS[1], '(' .. group['last-delivered-id'], '+', 'COUNT', 1)
  if not next.err and not next[1] then
    found[#found + 1] = {group.name, '', 0}
  elseif not next.err then
    first = first or redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1]
    found[#found + 1] = {group.name, next[1][1], next[1][1] == first and 1 or 0}
  end
end
return found
