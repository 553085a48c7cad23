-- What scripts need to know that fetch entries: of whose death each may be the reason. See note.lua
-- for how that is kept. Writes nothing.

-- For each of those ids that is suspected, {deaths, times alone, times gone}.
-- The key comes as an argument, empty where there is none: were it declared as a key, who has no right
-- to it could not run the script at all. Without the right nobody is suspected. It is in the slot of
-- the stream.
local function suspicions_of(key, ids)
  local known = {}
  if key == '' or #ids == 0 or not redis.acl_check_cmd('HMGET', key, ids[1]) then
    return known
  end
  local values = redis.pcall('HMGET', key, unpack(ids))
  if values.err then
    return known
  end
  for i, id in ipairs(ids) do
    if values[i] then
      local deaths, alone, gone = string.match(values[i], '^(%d+) (%d+) (%d+)$')
      if deaths then
        known[id] = {tonumber(deaths), tonumber(alone), tonumber(gone)}
      end
    end
  end
  return known
end
