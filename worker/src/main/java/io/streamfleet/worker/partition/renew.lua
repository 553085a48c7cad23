-- Makes leases last longer, and tells what Redis counted under them.
--
-- KEYS     the leases
-- ARGV[1]  how long they last, in milliseconds
-- ARGV[2+] our token of each
-- reply    for each lease {milliseconds that were left, reads, settlements}, or {} when it is not
--          ours any more
--
-- A lease that ran out and that nobody took is ours still. A failover may lose a renewal, so what an
-- owner counts on is the time that was left before it. The counts tell an owner whose calls are all
-- answered that one was lost on the way, or that Redis lost some.
-- Atomic so that a lease which was taken meanwhile stays with who took it. If it fails half-way, the
-- others just run out earlier. After lease.lua.
local now, out = server_millis(), {}
for i, lease in ipairs(KEYS) do
  local has = redis.call('HMGET', lease, 'token', 'until', 'reads', 'settlements')
  if has[1] and has[1] == ARGV[i + 1] then
    redis.call('HSET', lease, 'until', string.format('%.0f', now + ARGV[1]))
    out[i] = {math.max(0, tonumber(has[2]) - now), tonumber(has[3]), tonumber(has[4])}
  else
    out[i] = {}
  end
end
return out
