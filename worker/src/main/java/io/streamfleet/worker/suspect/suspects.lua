-- A function for scripts that fetch entries: which of them are suspects. See note.lua for the format.
-- Writes nothing.

-- Returns {deaths, times alone, times gone} by id, for the suspects among ids.
-- The key is passed as an argument, empty if there is none: as a declared key it would keep users
-- without a right to it from running the script at all. Without the right, no entry is a suspect. The
-- key is in the slot of the stream.
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
