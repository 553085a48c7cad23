-- Reads new entries of a partition for its owner.
--
-- KEYS[1]  the stream of the partition
-- KEYS[2]  its lease
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3]  our token
-- ARGV[4]  how many reads have delivered something to us under this token
-- ARGV[5]  entries at the most
-- ARGV[6]  1: all fields of an entry; 0: those that a consumer reads
-- reply    {rows, last} with a row {id, 1, {field, value, ...}} for each entry, oldest first, or
--          where there are no new entries the id of the last one,
--          behind which to wait for more; or {'lost'} when the lease is not ours any more; or
--          {'counted', how many reads Redis counted} when something was delivered that we never
--          got, or Redis has forgotten what it delivered: whoever hears that begins with what is
--          pending
--
-- A plain XREADGROUP would deliver to whoever asks, and one that a stopped worker left at the server
-- takes the next entry although another worker has the lease by then: that one would go on with
-- younger entries, and never learn of it. Hence the read looks at the lease in the same step, and
-- can't wait; an XREAD, which delivers nothing, waits instead.
-- A call that is sent twice finds that it was counted. If it fails half-way, entries were delivered
-- that are not counted: the caller hears of a failure, and begins with what is pending. After
-- lease.lua.
if not is_ours(KEYS[2], ARGV[3]) then
  return {'lost'}
end
local counted = redis.call('HGET', KEYS[2], 'reads')
if counted ~= ARGV[4] then
  return {'counted', counted}
end
local reply = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', ARGV[5],
  'STREAMS', KEYS[1], '>')
if not reply then
  local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  return {{}, newest and newest[1] or '0-0'}
end
redis.call('HINCRBY', KEYS[2], 'reads', 1)
local rows = {}
for i, entry in ipairs(reply[1][2]) do
  local all, some = entry[2], {}
  for k = 1, #all, 2 do
    if ARGV[6] == '1' or all[k] == 'data' or all[k] == 'trace_id' or all[k] == 'schema_version' then
      some[#some + 1] = all[k]
      some[#some + 1] = all[k + 1]
    end
  end
  rows[i] = {entry[1], 1, some}
end
return {rows, ''}
