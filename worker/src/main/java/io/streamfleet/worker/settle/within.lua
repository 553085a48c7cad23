-- Reads the fields of an entry, as many as fit.
--
-- KEYS[1]  the stream
-- ARGV[1]  the entry's id
-- ARGV[2]  bytes of all names and values at the most
-- reply    {fields that were left out, {field, value, ...}}; nothing of an entry that is gone
--
-- One step because only the server can tell how large an entry is before it sends it. What a dead
-- letter names comes first. Writes nothing.
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
local room, left, kept = tonumber(ARGV[2]), 0, {}
local fields = entry and entry[2] or {}
local named = {data = true, ts = true, trace_id = true}
for _, now in ipairs({true, false}) do
  for i = 1, #fields, 2 do
    if (named[fields[i]] or false) == now then
      local bytes = #fields[i] + #fields[i + 1]
      if bytes <= room then
        room = room - bytes
        kept[#kept + 1] = fields[i]
        kept[#kept + 1] = fields[i + 1]
      else
        left = left + 1
      end
    end
  end
end
return {left, kept}
