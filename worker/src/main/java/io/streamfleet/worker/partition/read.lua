-- Reads new entries of a partition for its owner.
--
-- KEYS[1]  the stream of the partition
-- KEYS[2]  its lease
-- ARGV[1]  the group
-- ARGV[2]  this worker's consumer name
-- ARGV[3]  the owner's token
-- ARGV[4]  how many reads have delivered entries to the owner under this token
-- ARGV[5]  the limit of entries
-- ARGV[6]  1: all fields of an entry; 0: those that a consumer uses
-- reply    {rows, last} with a row {id, 1, {field, value, ...}} for each entry, oldest first; without
--          new entries last is the id of the last one, after which to wait for more. Or {'lost'} if the
--          lease is lost. Or {'counted', number of reads} if Redis counted another number: a reply was
--          lost, or Redis has lost a read, and the caller must start with the pending entries
--
-- A plain XREADGROUP delivers to any consumer. If a stopped worker left one blocking in the server, it
-- would get the next entry though another worker has the lease by then, and that worker would continue
-- with newer entries without knowing. So the read checks the lease in the same step and does not block;
-- an XREAD, which delivers nothing, waits instead.
-- A call that is sent twice finds that it was counted. If it fails half-way, entries were delivered and
-- not counted: the caller gets an error, and starts with the pending entries. After lease.lua.
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
