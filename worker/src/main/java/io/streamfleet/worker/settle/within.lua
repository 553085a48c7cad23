-- Reads the fields of an entry, as many as fit.
--
-- KEYS[1]  the stream
-- ARGV[1]  the entry's id
-- ARGV[2]  the limit of all names and values in bytes
-- reply    {number of fields left out, {field, value, ...}}; empty if the entry was deleted
--
-- A script because only the server knows the size of an entry before it sends it. The fields data, ts
-- and trace_id come first. Writes nothing.
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
