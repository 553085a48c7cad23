-- Appends the entry of a dead letter whose stream lives in another slot than the dead letters.
--
-- KEYS[1]  the stream that the letter was read from
-- KEYS[2]  the letter's mark, in the slot of that stream
-- ARGV[1]  how many seconds the mark lives
-- ARGV[2+] fields and values of the entry
-- reply    {1, the id of the new entry}, or {0, its id} when the mark says that it was appended
--
-- Atomic, and replicated as one, so that entry and mark exist both or not at all: whoever comes
-- second, or again after a crash, finds the mark.
-- If it fails half-way: the mark is written last, or a refused append would leave one behind and the
-- letter would be deleted for nothing. Where the mark is refused the entry is deleted again, or each
-- further try would append one more.
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
