-- Gives leases up, so that others may take them at once.
--
-- KEYS     the leases
-- ARGV     our token of each
-- reply    how many were ours
--
-- Atomic so that a lease which was taken meanwhile stays with who took it. The epoch stays, as the
-- next one has to be above it. Run twice it does no harm. If it fails half-way, the
-- others run out. After lease.lua.
local released = 0
for i, lease in ipairs(KEYS) do
  if is_ours(lease, ARGV[i]) then
    redis.call('HSET', lease, 'token', '', 'until', 0)
    released = released + 1
  end
end
return released
