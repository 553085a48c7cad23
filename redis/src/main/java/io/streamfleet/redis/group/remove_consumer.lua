-- Deletes a consumer if nothing is pending for it.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  the consumer
-- reply    1 deleted, 0 kept because entries are pending
--
-- Atomic because XGROUP DELCONSUMER also deletes the consumer's pending entries: one that arrives
-- between the check and the delete would be lost. It has one write, so it can't fail half-way.
if redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2])[1] then
  return 0
end
redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
return 1
