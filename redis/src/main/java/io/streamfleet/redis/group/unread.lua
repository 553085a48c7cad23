-- Tells where the groups of a stream go on: the first entry that each has not read.
--
-- KEYS[1]  the stream
-- reply    for each group its name, the id of that entry or nothing where all is read, and 1 if it
--          is the first entry that is left
--
-- Redis counts what a group has read beside the id that it has come to, and 7.0 does not tell its
-- replicas of the count: after a failover a group that has read all seems to be behind by what it
-- read before, for ever. Nor does it know a lag after an entry was deleted. Whether anything comes
-- after the id can be asked. What a group had not read when it was trimmed away stays in the count
-- for ever; that it is missing can be told only while the next entry of the group is the first one.
-- Atomic so that id and entries are of one moment. Writes nothing.
local told = {}
local first
for _, row in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #row, 2 do
    group[row[i]] = row[i + 1]
  end
  -- Nothing can be asked for after the highest id that there is, which is an error.
  local next = redis.pcall('XRANGE', KEYS[1], '(' .. group['last-delivered-id'], '+', 'COUNT', 1)
  if not next.err and not next[1] then
    told[#told + 1] = {group.name, '', 0}
  elseif not next.err then
    first = first or redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1]
    told[#told + 1] = {group.name, next[1][1], next[1][1] == first and 1 or 0}
  end
end
return told
