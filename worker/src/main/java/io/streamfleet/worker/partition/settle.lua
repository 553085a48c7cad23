-- Acknowledges entries of partitions for their owner.
--
-- KEYS     for each partition its stream and its lease
-- ARGV[1]  the group
-- ARGV[2+] for each partition the owner's token, the number of this settlement under it, the number of
--          ids, and the ids
-- reply    for each partition 1; -1 if the lease is lost; -2 if Redis does not have the settlement before
--          this one, or an entry is not pending
--
-- Atomic so that a worker that lost a lease settles nothing. Settlements are counted because a failover
-- can lose the last ones: an owner that continued would settle newer entries while older ones are pending
-- again. It can also lose that an entry was delivered: it is delivered again then, and if settling it
-- had counted, younger ones could be settled before that. A settlement that is sent twice is not carried
-- out again.
-- If it fails half-way within a partition, the count shows that this settlement is still to be carried
-- out, and acknowledging twice does no harm. After lease.lua.
local group, at, out = ARGV[1], 2, {}
for i = 1, #KEYS, 2 do
  local stream, lease = KEYS[i], KEYS[i + 1]
  local number, count = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local result = settlement_due(lease, ARGV[at], number)
  if result == 1 and redis.call('XACK', stream, group, unpack(ARGV, at + 3, at + 2 + count)) < count then
    result = -2
  elseif result == 1 then
    settlement_taken(lease, number)
  end
  out[#out + 1] = result < 0 and result or 1
  at = at + 3 + count
end
return out
