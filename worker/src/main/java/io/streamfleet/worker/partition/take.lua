-- Claims a page of a partition's pending entries for its owner, in the order of the ids.
--
-- KEYS[1]  the stream of the partition
-- KEYS[2]  its lease
-- ARGV[1]  the group
-- ARGV[2]  this worker's consumer name
-- ARGV[3]  the owner's token
-- ARGV[4]  the start of the page; - for the first
-- ARGV[5]  the limit of entries
-- reply    {} if the lease is lost; else {the ids that are pending for the owner now, the last id of the
--          page, or empty after the last page}
--
-- The owner claims all pending entries before it reads, since they are older than new ones. Delivery
-- counts are not changed.
-- Atomic so that a worker that lost the lease takes nothing from its owner. Entries that were deleted from
-- the stream are left where they are, since XCLAIM would remove them from the pending entries list and
-- nobody would count them. Running it twice does no harm, and neither does a failure half-way: the next
-- call claims the rest. After lease.lua.
local stream, group, us = KEYS[1], ARGV[1], ARGV[2]
if not is_ours(KEYS[2], ARGV[3]) then
  return {}
end
local rows = redis.call('XPENDING', stream, group, ARGV[4], '+', ARGV[5])
local ids, theirs = {}, {'XCLAIM', stream, group, us, 0}
for _, row in ipairs(rows) do
  if row[2] == us then
    ids[#ids + 1] = row[1]
  elseif redis.call('XRANGE', stream, row[1], row[1], 'COUNT', 1)[1] then
    ids[#ids + 1] = row[1]
    theirs[#theirs + 1] = row[1]
  end
end
if #theirs > 5 then
  theirs[#theirs + 1] = 'JUSTID'
  redis.call(unpack(theirs))
end
return {ids, #rows == tonumber(ARGV[5]) and rows[#rows][1] or ''}
