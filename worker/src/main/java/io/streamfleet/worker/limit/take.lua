-- Takes permissions to begin from the rates of a platform and of channels, as many as there are.
--
-- KEYS[1]  how far the rate of the platform is used up
-- KEYS[2+] the same for each channel, in the order in which they have their turn; in the slot of the
--          first
-- ARGV[1]  microseconds from one permission of the platform to the next, if they come evenly; 0: it
--          has no rate
-- ARGV[2]  how many of the platform there may be at once
-- ARGV[3]  the same two for a channel
-- ARGV[4]
-- ARGV[5+] how many are wanted for each channel; where channels have no rate, for all of them
-- reply    {microseconds until there is the next of the platform, {how many were taken, microseconds
--          until there is the next, ...}} with a pair for each number that is wanted
--
-- A key holds the time, in microseconds, at which its rate would be used up if all that was taken had
-- come evenly (known as the generic cell rate algorithm): one number, whatever the rate. In any second
-- no more begin than the rate gives in a second, and as many as there may be at once. It expires when
-- that time is over, for then a key that is not there says the same.
-- Time is that of this server, the only clock that all workers share. Atomic because several workers
-- take at once.
-- If it fails half-way: permissions are used up that nobody has. Who sends this again takes others.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function bucket(key, interval, at_once)
  local room = interval * at_once
  -- Not further ahead than taking brings it: it is when the clock went back, or the limit became tighter.
  local before = tonumber(redis.call('GET', key) or 0)
  local used = math.min(math.max(now, before), now + room)
  return {key = key, interval = interval, room = room, used = used, before = before}
end

-- How many a bucket has now.
local function there(it)
  return math.floor((now + it.room - it.used) / it.interval + 0.000001)
end

local function wait(it)
  return math.max(0, math.ceil(it.used + it.interval - it.room - now))
end

local function save(it)
  if it.used ~= it.before and it.used > now then
    redis.call('SET', it.key, string.format('%.0f', it.used),
      'PX', math.ceil((it.used - now) / 1000) + 1)
  end
end

local platform = tonumber(ARGV[1]) > 0 and bucket(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]))
local each = tonumber(ARGV[3])
local pairs_of = {}
for i = 5, #ARGV do
  local channel = each > 0 and bucket(KEYS[i - 3], each, tonumber(ARGV[4]))
  local taken = tonumber(ARGV[i])
  if channel then
    taken = math.min(taken, there(channel))
  end
  if platform then
    taken = math.min(taken, there(platform))
  end
  taken = math.max(0, taken)
  if channel then
    channel.used = channel.used + taken * channel.interval
    save(channel)
  end
  if platform then
    platform.used = platform.used + taken * platform.interval
  end
  pairs_of[#pairs_of + 1] = taken
  pairs_of[#pairs_of + 1] = channel and wait(channel) or 0
end
if platform then
  save(platform)
end
return {platform and wait(platform) or 0, pairs_of}
