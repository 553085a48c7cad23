-- Deletes the locks of consumers that are gone.
--
-- KEYS     the locks
-- ARGV[1]  how many consumers there are
-- ARGV[2+] the consumers
-- then     what they read, as their locks tell it
-- reply    how many locks were deleted
--
-- The value of a lock is <consumer>/<uuid>, and the uuid tells what its holder reads (LockToken). A
-- name may be in use several times, for different streams, so both have to be theirs; a lock of
-- another form is not ours to judge.
-- Atomic so that a lock is never deleted that somebody else took since it was found.
-- If it fails half-way: each lock is deleted by itself, and the next run deletes the others.
local FORM = '^(.*)/%x+%-%x+%-%x+%-%x+%-(%x%x%x%x%x%x%x%x)%x%x%x%x$'

local gone, read = {}, {}
for i = 2, #ARGV do
  local set = i <= ARGV[1] + 1 and gone or read
  set[ARGV[i]] = true
end
local deleted = 0
for i = 1, #KEYS do
  local holder = redis.pcall('GET', KEYS[i])
  if type(holder) == 'string' then
    local name, scope = string.match(holder, FORM)
    if name and gone[name] and read[scope] then
      deleted = deleted + redis.call('DEL', KEYS[i])
    end
  end
end
return {deleted}
