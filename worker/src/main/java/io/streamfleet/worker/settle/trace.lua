-- Records the states of traces.
--
-- KEYS     the traces' hashes
-- ARGV[1]  seconds after which a trace is forgotten
-- ARGV[2]  the time now, in seconds since 1970
-- ARGV[3+] the state of each trace
--
-- Atomic so that no hash is left without its expiry.
for i = 1, #KEYS do
  redis.call('HSET', KEYS[i], 'state', ARGV[i + 2], 'updated_at', ARGV[2])
  redis.call('EXPIRE', KEYS[i], ARGV[1])
end
return #KEYS
