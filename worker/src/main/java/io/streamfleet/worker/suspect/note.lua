-- Stores why entries are suspected of killing the process that handles them.
--
-- KEYS[1]  the stream's suspects: a hash from entry id to "deaths alone gone"
-- ARGV[1]  the key expires after so many milliseconds
-- ARGV[2+] for each entry, a few hundred at most: its id, the deaths that it was part of at least,
--          and how often it was started alone, or -1 to keep the stored number
-- reply    {number of entries}
--
-- Atomic because several workers may record deaths of the same entry. Running it twice does no harm:
-- numbers are set, not incremented.
-- If it fails half-way: the entries before that are stored; a repetition stores the rest.
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
