-- Releases leases, so that others can acquire them at once.
--
-- KEYS     the leases
-- ARGV     the owner's token for each
-- reply    the number of leases released
--
-- Atomic so that a lease that was acquired meanwhile stays with its new owner. The epoch stays, since the
-- next one must be higher. Running it twice does no harm. If it fails half-way, the other leases expire.
-- After lease.lua.
local released = 0
for i, lease in ipairs(KEYS) do
  if is_ours(lease, ARGV[i]) then
    redis.call('HSET', lease, 'token', '', 'until', 0)
    released = released + 1
  end
end
return released
