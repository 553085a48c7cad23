-- Asks which commands the user of this connection may run.
--
-- ARGV     for each command how many words it has, and the words
-- reply    for each command 1 if it may be run, 0 if not, -1 where the server knows no such command
--
-- The server checks them as if they were called, with their keys and channels, and runs none. A
-- script since only scripts can ask this of themselves: ACL DRYRUN needs the rights of an
-- administrator. Keys are no KEYS here: none is touched.
-- Writes nothing.
local reply = {}
local at = 1
while at <= #ARGV do
  local words = {}
  for i = 1, tonumber(ARGV[at]) do
    words[i] = ARGV[at + i]
  end
  at = at + #words + 1
  local known, allowed = pcall(redis.acl_check_cmd, unpack(words))
  reply[#reply + 1] = not known and -1 or allowed and 1 or 0
end
return reply
