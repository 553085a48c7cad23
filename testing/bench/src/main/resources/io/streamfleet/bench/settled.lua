-- Returns which entries were delivered to a group and acknowledged.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2+] ids of entries
-- reply    {seconds, microseconds by the server's clock, position of a settled id, ...}
--
-- Atomic, so that nothing is delivered between reading the last delivered id and the pending list.
-- Read-only: XPENDING of one id is one lookup in the pending list, and does not reset the idle time.
local function parts(id)
  local millis, sequence = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(millis), tonumber(sequence)
end

local last_millis, last_sequence
for _, fields in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for i = 1, #fields, 2 do
    group[fields[i]] = fields[i + 1]
  end
  if group.name == ARGV[1] then
    last_millis, last_sequence = parts(group['last-delivered-id'])
  end
end
if not last_millis then
  return redis.error_reply('NOGROUP there is no group ' .. ARGV[1])
end

local reply = redis.call('TIME')
reply[1], reply[2] = tonumber(reply[1]), tonumber(reply[2])
for i = 2, #ARGV do
  local millis, sequence = parts(ARGV[i])
  local delivered = millis < last_millis or (millis == last_millis and sequence <= last_sequence)
  if delivered and #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1) == 0 then
    table.insert(reply, i - 1)
  end
end
return reply
