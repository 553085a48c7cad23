-- Makes entries pending for us again whose group was lost, with its pending entries list, and has
-- been created again.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  our consumer name
-- ARGV[3+] ids of entries that were ours when the group was lost, each followed by its delivery count
-- reply    {how many are pending for us again}
--
-- Atomic so that nobody is robbed: what has an owner by now is left to it. What the stream holds no
-- more stays lost. What the group is yet to deliver is ours until it does: XREADGROUP moves the row
-- of the pending entries list to whoever it delivers the entry to.
-- If it fails half-way: each entry is written by itself and those before stay restored. Who sends
-- this again finds them pending and passes over them.
local restored = 0
for i = 3, #ARGV, 2 do
  if not redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1] then
    local claimed = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i],
      'RETRYCOUNT', ARGV[i + 1], 'FORCE', 'JUSTID')
    restored = restored + #claimed
  end
end
return {restored}
