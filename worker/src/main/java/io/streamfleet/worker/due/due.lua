-- A function for scripts that fetch entries: when their next attempts are due. See wait.lua for the
-- format. Writes nothing.

-- Returns {milliseconds left, the failed attempt} by id, for those ids that wait or have waited lately.
-- The key is passed as an argument, empty if there is none: as a declared key it would keep users
-- without a right to it from running the script at all. Without the right no entry waits: too early an
-- attempt is better than none. The key is in the slot of the stream.
local function waits_of(key, ids)
  local waits = {}
  if key == '' or #ids == 0 or not redis.acl_check_cmd('ZMSCORE', key, ids[1]) then
    return waits
  end
  local scores = redis.pcall('ZMSCORE', key, unpack(ids))
  if scores.err then
    return waits
  end
  local time
  for i, id in ipairs(ids) do
    if scores[i] then
      time = time or redis.call('TIME')
      local score = tonumber(scores[i])
      local attempt = score % 1000
      local left = (score - attempt) / 1000 - (time[1] * 1000 + math.floor(time[2] / 1000))
      waits[id] = {math.max(0, left), attempt}
    end
  end
  return waits
end
