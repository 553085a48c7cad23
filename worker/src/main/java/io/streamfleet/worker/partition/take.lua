-- Claims a page of a partition's pending entries for its owner, in the order of the ids.
--
-- KEYS[1]  the stream of the partition
-- KEYS[2]  its lease
-- KEYS[3]  the owner's fence until now, if it had one
-- KEYS[4]  the owner's fence from the first page on
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  our token
-- ARGV[4]  where to go on, - to begin
-- ARGV[5]  entries at the most
-- reply    {} when the lease is not ours any more, or a later call has begun; else {the ids that are
--          pending for us now, the last id seen, or empty when this was the end, for each id 1 if it was
--          another's until now, the ids that are pending no more since the stream does not hold them, the
--          newest id of the stream}
--
-- All of them are taken before the owner reads anything new, since they are older. Delivery counts stay
-- as they are. Atomic so that who lost the lease takes nothing from who has it.
-- A fence is a stream with the owner's group and without entries. XREADGROUP of a partition and its fence
-- delivers nothing when the fence does not exist, so it needs no script to look at the lease: a script
-- costs Redis three times as much for each entry. The first page replaces the fence, so that a read whose
-- reply was lost, and which may arrive at Redis later, delivers nothing behind our back.
-- After the last page the names of earlier owners go, since nothing is pending for them: no operator may
-- be there to do it. Without a right to that they stay.
-- What the stream holds no more XCLAIM strikes off, as XAUTOCLAIM does; what was ours is told like the
-- rest, and found to be gone when it is fetched. Run twice it does no harm, and neither does a failure
-- half-way: the next run takes the rest. After lease.lua.
local stream, lease, group, us = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
if not is_ours(lease, ARGV[3]) then
  return {}
end
local fence, begins = redis.call('HGET', lease, 'fence') or '', ARGV[4] == '-'
if fence ~= KEYS[4] and not (begins and (fence == '' or fence == KEYS[3])) then
  return {}
end
if begins then
  redis.call('DEL', KEYS[3], KEYS[4])
  redis.call('XGROUP', 'CREATE', KEYS[4], group, '$', 'MKSTREAM')
  redis.call('HSET', lease, 'fence', KEYS[4])
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
local is_last = #rows < tonumber(ARGV[5])
if is_last then
  local consumers = redis.pcall('XINFO', 'CONSUMERS', stream, group)
  for _, fields in ipairs(consumers.err and {} or consumers) do
    local consumer = {}
    for i = 1, #fields, 2 do
      consumer[fields[i]] = fields[i + 1]
    end
    if consumer['name'] ~= us and consumer['pending'] == 0 then
      redis.pcall('XGROUP', 'DELCONSUMER', stream, group, consumer['name'])
    end
  end
end
local newest = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
return {ids, is_last and '' or rows[#rows][1], were_theirs, gone, newest and newest[1] or '0-0'}
