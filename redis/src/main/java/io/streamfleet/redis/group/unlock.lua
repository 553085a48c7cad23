-- Deletes the channel locks of consumers that are gone.
--
-- KEYS     the locks
-- ARGV[1]  the number of consumers
-- ARGV[2+] the consumers
-- then     the scopes that they read
-- reply    the number of deleted locks
--
-- The value of a lock is <consumer>/<uuid>, and the uuid contains the scope that its holder reads
-- (LockToken). A consumer's name may be used several times, for different streams, so name and scope
-- must match. A lock with another kind of value is left alone.
-- Atomic so that a lock is never deleted that somebody else took since it was found.
-- If it fails half-way, each lock was deleted by itself, and the next run deletes the others.
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
