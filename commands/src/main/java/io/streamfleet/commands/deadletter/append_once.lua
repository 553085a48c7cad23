-- Appends the entry of a dead letter to a stream in another slot than the dead-letter stream.
--
-- KEYS[1]  the stream that the letter was read from
-- KEYS[2]  the letter's mark, in the slot of that stream
-- ARGV[1]  the time to live of the mark in seconds
-- ARGV[2+] fields and values of the entry
-- reply    {1, the id of the new entry}, or {0, its id} if the mark exists: it was appended before
--
-- Atomic, and replicated as a unit, so that either both the entry and the mark exist or neither. A
-- concurrent replay, or the next one after a crash, finds the mark.
-- If it fails half-way: the mark is written last, so that a refused append does not leave a mark,
-- which would cause the letter to be deleted without an entry. If the mark is refused, the entry is
-- deleted again, as otherwise each try would append another one.
local done = redis.call('GET', KEYS[2])
if done then
  return {0, done}
end
local entry = redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
local marked = redis.pcall('SET', KEYS[2], entry, 'EX', ARGV[1])
if type(marked) == 'table' and marked.err then
  redis.pcall('XDEL', KEYS[1], entry)
  return marked
end
return {1, entry}
