-- Removes a consumer's name if nothing is pending for it.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  the consumer
-- reply    1 removed, 0 kept because something is pending
--
-- Atomic because XGROUP DELCONSUMER drops what is pending for the name: an entry that arrives
-- between a look and the removal would be lost. It has one write, so it cannot fail half-way.
if redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])[1] then
  return 0
end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
