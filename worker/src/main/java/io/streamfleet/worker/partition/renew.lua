-- Renews leases, and returns how many settlements Redis has taken under them.
--
-- KEYS     the leases
-- ARGV[1]  the term in milliseconds
-- ARGV[2+] the owner's token for each
-- reply    for each lease {milliseconds that were left, settlements}, or {} if it is lost
--
-- A lease that expired and that nobody acquired is still held. A failover may lose a renewal, so an owner
-- relies on the time that was left before it. By the count an owner without settlements in progress
-- learns that Redis has lost one.
-- Atomic so that a lease that was acquired meanwhile stays with its new owner. If it fails half-way, the
-- other leases expire earlier. After lease.lua.
local now, out = server_millis(), {}
for i, lease in ipairs(KEYS) do
  local has = redis.call('HMGET', lease, 'token', 'until', 'settlements')
  if has[1] and has[1] == ARGV[i + 1] then
    redis.call('HSET', lease, 'until', string.format('%.0f', now + ARGV[1]))
    out[i] = {math.max(0, tonumber(has[2]) - now), tonumber(has[3])}
  else
    out[i] = {}
  end
end
return out
