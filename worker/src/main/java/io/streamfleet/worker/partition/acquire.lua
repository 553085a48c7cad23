-- Acquires the leases of partitions that no other worker has.
--
-- KEYS     for each partition its lease, and the fence that the caller last saw in it
-- ARGV[1]  the start of this process's tokens; the epoch follows
-- ARGV[2]  this worker's consumer name
-- ARGV[3]  the term of the leases in milliseconds
-- ARGV[4]  the highest epoch that the caller knows
-- reply    for each lease {its epoch}; or {0, its owner, milliseconds left, its fence} if another worker
--          has it; or {-1, its fence} if it can be had by who names this fence
--
-- Atomic so that two workers never get the same lease. The lease of an earlier process of this consumer
-- name is taken over at once, since two running processes of one name never read the same. So is a lease
-- of this process, which ends the earlier grant: an owner whose counts differ starts again like that, and
-- of a call that is sent twice the later grant stays.
-- The fence of the earlier owner goes in the same step, so whatever it sent to read delivers nothing. A
-- script may use no key of a Cluster that it was not given, so the caller has to know the fence.
-- A new epoch is higher than all before, including those that Redis has lost in a failover or a restart
-- without data: by the clock, unless it goes back, and by the caller's knowledge.
-- If it fails half-way, the leases that were acquired are held, and a repetition acquires them again.
-- After lease.lua.
local now, out = server_millis(), {}
for i = 1, #KEYS, 2 do
  local lease = KEYS[i]
  local has = redis.call('HMGET', lease, 'token', 'owner', 'until', 'epoch', 'fence')
  local left = (tonumber(has[3]) or 0) - now
  -- The clock may have gone back; a lease never lasts longer than its term.
  left = math.min(left, tonumber(ARGV[3]))
  local fence = has[5] or ''
  if has[1] and has[1] ~= '' and left > 0 and has[2] ~= ARGV[2] then
    if tonumber(has[3]) - now > left then
      redis.call('HSET', lease, 'until', string.format('%.0f', now + left))
    end
    out[#out + 1] = {0, has[2], left, fence}
  elseif fence ~= '' and fence ~= KEYS[i + 1] then
    out[#out + 1] = {-1, fence}
  else
    local epoch = math.max((tonumber(has[4]) or 0) + 1, server_micros(), tonumber(ARGV[4]) + 1)
    local text = string.format('%.0f', epoch)
    redis.call('DEL', KEYS[i + 1])
    redis.call('HSET', lease, 'token', ARGV[1] .. text, 'owner', ARGV[2],
      'until', string.format('%.0f', now + ARGV[3]), 'epoch', text, 'fence', '', 'settlements', 0)
    out[#out + 1] = {epoch}
  end
end
return out
