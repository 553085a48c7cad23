-- Hands entries over to the consumers that hold their channels' locks.
--
-- KEYS[1]  the stream
-- KEYS[2+] the locks; none if they are in other slots than the stream
-- ARGV[1]  the group
-- ARGV[2]  this consumer's name
-- ARGV[3]  the prefix of the Pub/Sub channel of a consumer; its name follows
-- ARGV[4]  the oldest of the ids
-- ARGV[5]  the newest of the ids
-- ARGV[6]  the number of locks
-- ARGV[7+] for each lock: its holder's token, its holder's name, and its number of ids
-- then     the ids, lock by lock; about a thousand at most, since the cost depends on their number
-- reply    for each lock: 1 handed over; 0 another holder has the lock by now; -1 nobody is subscribed
--          under the holder's name, as far as can be known
--
-- Atomic so that entries go to the holder of the lock at that moment, and only if they are pending for
-- this consumer. A holder gets one notice and one claim for all its locks. The notice is sent first,
-- since the number of its subscribers tells whether the holder is alive. In a Cluster that number covers
-- one node only, so there it is enough that the consumer exists in the group.
-- If it fails half-way, holders have the entries of their notices, or look for them in vain. Entries that
-- were not claimed are still pending for this consumer, and the caller confirms ownership before it
-- handles any of them.
-- After pending.lua.
local stream, group, us, prefix = KEYS[1], ARGV[1], ARGV[2], ARGV[3]

-- Ids in one call: Lua has room for a few thousand arguments.
local CALL = 1000

-- Whether a consumer exists, by trying to create it, since XINFO CONSUMERS would return all of them. If it
-- was created, it is deleted again.
local function exists(name)
  local made = redis.pcall('XGROUP', 'CREATECONSUMER', stream, group, name)
  if made == 1 then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, name)
  end
  return made == 0
end

-- An ACL may forbid the channel: then it is unknown who is subscribed.
local function is_subscribed(name, notice)
  local subscribers = redis.pcall('PUBLISH', prefix .. name, notice)
  if type(subscribers) == 'table' then
    return false
  end
  return subscribers > 0 or (#KEYS == 1 and exists(name))
end

local locks, ids = tonumber(ARGV[6]), {}
for i = 7 + 3 * locks, #ARGV do
  ids[#ids + 1] = ARGV[i]
end
local ours = delivery_counts(stream, group, us, ARGV[4], ARGV[5], ids)
local is_there = still_there(stream, ARGV[4])

local function claim(name, ids)
  for from = 1, #ids, CALL do
    local call = {'XCLAIM', stream, group, name, 0}
    for i = from, math.min(from + CALL - 1, #ids) do
      call[#call + 1] = ids[i]
    end
    call[#call + 1] = 'JUSTID'
    redis.call(unpack(call))
  end
end

local decisions, receivers, receiver_of = {}, {}, {}
local last = 0
for n = 1, locks do
  local token, holder, count = ARGV[3 * n + 4], ARGV[3 * n + 5], tonumber(ARGV[3 * n + 6])
  local first = last + 1
  last = last + count
  if #KEYS > 1 and redis.pcall('GET', KEYS[n + 1]) ~= token then
    decisions[n] = 0
  else
    local it = receiver_of[holder]
    if not it then
      it = {name = holder, ids = {}, locks = {}}
      receiver_of[holder] = it
      receivers[#receivers + 1] = it
    end
    for i = first, last do
      if ours[ids[i]] and is_there(ids[i]) then
        it.ids[#it.ids + 1] = ids[i]
      end
    end
    it.locks[#it.locks + 1] = n
    decisions[n] = 1
  end
end

for _, it in ipairs(receivers) do
  if is_subscribed(it.name, 'handed-over ' .. table.concat(it.ids, ' ')) then
    claim(it.name, it.ids)
  else
    for _, n in ipairs(it.locks) do
      decisions[n] = -1
    end
  end
end
return decisions
