-- What scripts need to know that fetch entries: whose next attempt is not due yet. See
-- wait.lua for how that is kept. Writes nothing.

-- For each of those ids that waits, or has waited lately, {milliseconds left, the failed attempt}.
-- The key comes as an argument, empty where there is none: were it declared as a key, who has no right
-- to it could not run the script at all. Without the right nothing waits: an entry that is tried too
-- early is better than none. It is in the slot of the stream.
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
