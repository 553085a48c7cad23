-- Takes permissions to start entries from the rates of a platform and of channels, as many as there are.
--
-- KEYS[1]  the use of the platform's rate
-- KEYS[2+] the use of each channel's rate, in the order in which they are served; in the slot of the
--          first key
-- ARGV[1]  microseconds between two permissions of the platform at its rate; 0 if it has no rate
-- ARGV[2]  the burst of the platform: how many permissions can be taken at once
-- ARGV[3]  microseconds between two permissions of a channel; 0 if channels have no rate
-- ARGV[4]  the burst of a channel
-- ARGV[5+] how many permissions are wanted for each channel; if channels have no rate, for all of them
-- reply    {microseconds until the platform has another permission, {permissions taken, microseconds
--          until the channel has another permission, ...}} with a pair for each wanted number
--
-- The generic cell rate algorithm: a key stores the time, in microseconds, at which the permissions
-- taken so far would end if they were used evenly at the rate. That is one number, whatever the rate.
-- In any second at most the rate plus the burst can start. A key expires at its time, since a missing
-- key means the same.
-- The time is this server's, the only clock that all workers share. Atomic because several workers
-- take permissions at once.
-- If it fails half-way: permissions are used up that nobody has. A repetition takes new ones.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local function bucket(key, interval, at_once)
  local room = interval * at_once
  -- Never more than one burst ahead of now, which it would be if the clock went back or the limit was lowered.
  local before = tonumber(redis.call('GET', key) or 0)
  local used = math.min(math.max(now, before), now + room)
  return {key = key, interval = interval, room = room, used = used, before = before}
end

-- How many permissions a bucket has now.
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
