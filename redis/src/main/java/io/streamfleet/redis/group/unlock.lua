-- Deletes the locks of consumers that are gone.
--
-- KEYS     the locks
-- ARGV     the consumers
-- reply    how many locks were deleted
--
-- The value of a lock is <consumer>/<uuid>; one of another form is not ours to judge.
-- Atomic so that a lock is never deleted that somebody else took since it was found.
-- If it fails half-way: each lock is deleted by itself, and the next run deletes the others.
local gone = {}
for i = 1, #ARGV do
  gone[ARGV[i]] = true
end
local deleted = 0
for i = 1, #KEYS do
  local holder = redis.pcall('GET', KEYS[i])
  local name = type(holder) == 'string' and string.match(holder, '^(.*)/')
  if name and gone[name] then
    deleted = deleted + redis.call('DEL', KEYS[i])
  end
end
return {deleted}
