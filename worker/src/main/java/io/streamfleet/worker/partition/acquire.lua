-- Takes the leases of partitions that nobody has.
--
-- KEYS     the leases
-- ARGV[1]  how our tokens begin; the epoch follows
-- ARGV[2]  our consumer name
-- ARGV[3]  how long they last, in milliseconds
-- ARGV[4]  the highest epoch that we know of
-- reply    for each lease {its epoch}, or {0, its owner, milliseconds left}
--
-- Atomic so that two workers never get one lease. The lease of an earlier life of this consumer is
-- taken over at once: two living ones of a name never read the same. So is one of this life, which
-- ends what was done under it: whoever lost count begins again like that, and a call that is sent
-- twice leaves the later grant.
-- An epoch is above all there were, also above those that Redis has forgotten in a failover or a
-- start without data: by the clock, as far as that goes on, and by what the asker knows.
-- If it fails half-way, the leases that it took are ours, and asking again takes them anew.
-- After lease.lua.
local now, out = server_millis(), {}
for i, lease in ipairs(KEYS) do
  local has = redis.call('HMGET', lease, 'token', 'owner', 'until', 'epoch')
  local left = (tonumber(has[3]) or 0) - now
  -- The clock may have gone back, and no lease lasts longer than its time.
  left = math.min(left, tonumber(ARGV[3]))
  if has[1] and has[1] ~= '' and left > 0 and has[2] ~= ARGV[2] then
    if tonumber(has[3]) - now > left then
      redis.call('HSET', lease, 'until', string.format('%.0f', now + left))
    end
    out[i] = {0, has[2], left}
  else
    local epoch = math.max((tonumber(has[4]) or 0) + 1, server_micros(), tonumber(ARGV[4]) + 1)
    local text = string.format('%.0f', epoch)
    redis.call('HSET', lease, 'token', ARGV[1] .. text, 'owner', ARGV[2],
      'until', string.format('%.0f', now + ARGV[3]), 'epoch', text, 'reads', 0, 'settlements', 0)
    out[i] = {epoch}
  end
end
return out
