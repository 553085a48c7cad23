-- Checks which commands the user of this connection may run.
--
-- ARGV     for each command the number of its words, and the words
-- reply    for each command 1 if the user may run it, 0 if not, -1 if the server does not know it
--
-- The server checks the commands with their keys and channels, and runs none of them. This is a
-- script because only scripts can check the rights of their own user: ACL DRYRUN needs the rights
-- of an administrator. The keys are not passed as KEYS, as no key is accessed.
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
