-- Releases the leases of partitions whose owners are gone, so that other workers acquire them at once.
--
-- KEYS     the leases, see lease.lua of the worker
-- ARGV     the names of the consumers that are gone
-- reply    how many leases were released
--
-- Atomic so that a lease that another worker has acquired stays with it. The epoch stays, since the
-- next one must be above it. May be run again. If it fails half-way, the other leases expire.
local gone, released = {}, 0
for _, name in ipairs(ARGV) do
  gone[name] = true
end
for _, lease in ipairs(KEYS) do
  local has = redis.call('HMGET', lease, 'token', 'owner')
  if has[1] and has[1] ~= '' and gone[has[2]] then
    redis.call('HSET', lease, 'token', '', 'until', 0)
    released = released + 1
  end
end
return {released}
