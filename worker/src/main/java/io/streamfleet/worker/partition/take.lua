-- Claims a page of a partition's pending entries for its owner, in the order of the ids.
--
-- KEYS[1]  the stream of the partition
-- KEYS[2]  its lease
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  our token
-- ARGV[4]  where to go on, - to begin
-- ARGV[5]  entries at the most
-- reply    {} when the lease is not ours any more; else {the ids that are pending for us now, the
--          last id seen, or empty when this was the end, for each id 1 if it was another's until
--          now, the ids that are pending no more since the stream does not hold them}
--
-- All of them are taken before the new owner reads anything, since they are older than all that is
-- yet to be read. Delivery counts stay as they are.
-- Atomic so that who lost the lease takes nothing from who has it. What the stream holds no more
-- XCLAIM strikes off, as XAUTOCLAIM does; what was ours is told like the rest, and found to be gone
-- when it is fetched. Run twice it does no harm, and neither does a failure half-way: the next run
-- takes the rest. After lease.lua.
local stream, group, us = KEYS[1], ARGV[1], ARGV[2]
if not is_ours(KEYS[2], ARGV[3]) then
  return {}
end
local rows = redis.call('XPENDING', stream, group, ARGV[4], '+', ARGV[5])
local ids, were_theirs, gone, theirs = {}, {}, {}, {'XCLAIM', stream, group, us, 0}
for _, row in ipairs(rows) do
  local id = row[1]
  if row[2] == us then
    ids[#ids + 1] = id
    were_theirs[#ids] = 0
  else
    if redis.call('XRANGE', stream, id, id, 'COUNT', 1)[1] then
      ids[#ids + 1] = id
      were_theirs[#ids] = 1
    else
      gone[#gone + 1] = id
    end
    theirs[#theirs + 1] = id
  end
end
if #theirs > 5 then
  theirs[#theirs + 1] = 'JUSTID'
  redis.call(unpack(theirs))
end
return {ids, #rows == tonumber(ARGV[5]) and rows[#rows][1] or '', were_theirs, gone}
