-- Notes why entries are suspected of killing who handles them.
--
-- KEYS[1]  the hash of the stream's suspects, as ids with "deaths alone gone"
-- ARGV[1]  for how many milliseconds it is kept from now on
-- ARGV[2+] for each entry, some hundreds at the most: its id, how many deaths it was part of at the
--          least, and how often it was alone, or -1 to leave that as it is
-- reply    {how many were noted}
--
-- Atomic because several workers may know of deaths that one entry was part of. Run twice it does no
-- harm: numbers are set, and not raised by one.
-- If it fails half-way: those before are noted, and who sends this again notes the rest, too.
for i = 2, #ARGV, 3 do
  local known = redis.call('HGET', KEYS[1], ARGV[i]) or ''
  local deaths, alone, gone = string.match(known, '^(%d+) (%d+) (%d+)$')
  deaths = math.max(tonumber(deaths or 0), tonumber(ARGV[i + 1]))
  if tonumber(ARGV[i + 2]) >= 0 then
    alone = ARGV[i + 2]
  end
  redis.call('HSET', KEYS[1], ARGV[i], string.format('%d %d %d', deaths, alone or 0, gone or 0))
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return {(#ARGV - 1) / 3}
