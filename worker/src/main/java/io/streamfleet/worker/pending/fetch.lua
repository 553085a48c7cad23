-- Fetches entries that are pending for this consumer, with payload and delivery count, as many as fit.
--
-- KEYS[1]  the stream
-- ARGV[1]  the group
-- ARGV[2]  this consumer's name
-- ARGV[3]  1: count this as a delivery; 0: keep the count
-- ARGV[4]  the oldest of the ids
-- ARGV[5]  the newest of the ids
-- ARGV[6]  the limit of all values in bytes
-- ARGV[7]  the limit of one entry in bytes; a larger one will never be fetched
-- ARGV[8]  the key of the due times of retries, see due.lua; empty: none
-- ARGV[9]  the key of the suspects, see suspects.lua; empty: none
-- ARGV[10+] ids of entries, a few hundred at most, since Lua has room for a few thousand arguments
-- reply    {number of ids processed, bytes of the next entry if it does not fit, else 0, rows}, with a
--          row for each id that is pending for this consumer:
--          {id, delivery count,
--           {field, value, ...}, or false if the entry was deleted, or its bytes if it is too large,
--           {milliseconds left, failed attempt} if it waits, else false,
--           {deaths, times alone, times gone} if it is a suspect}
--
-- Only the fields that a consumer uses are returned. The size of an entry is known only once it was
-- read, and a script keeps everything that it reads in the server's memory. So it starts with one entry
-- and continues with as many at a time as their sizes allow. An entry that is too large ends the call:
-- a script that reads many of them to measure them would block the server for longer than its caller
-- waits, and the caller would repeat it for ever.
-- Atomic so that the entries are pending for this consumer at that moment, and only they are counted.
-- After pending.lua, due.lua and suspects.lua.
-- If it fails half-way: all writes are XCLAIMs of this consumer's own entries, and need the same rights
-- as the first one. Those that count a delivery come last.
local stream, group, us, more = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3])
local room, largest = tonumber(ARGV[6]), tonumber(ARGV[7])
local ids = {unpack(ARGV, 10)}
local waits = waits_of(ARGV[8], ids)
local suspicions = suspicions_of(ARGV[9], ids)
local counts = delivery_counts(stream, group, us, ARGV[4], ARGV[5], ids)
local is_there = still_there(stream, ARGV[4])
local at_a_time = 1024 * 1024

-- The fields, by id, of the entries between two positions that are pending for this consumer. XCLAIM
-- sets the count that they already have.
local function fields_of(from, to)
  local calls, fields = {}, {}
  for i = from, to do
    local id = ids[i]
    local count = counts[id]
    if count and is_there(id) then
      local call = calls[count] or {'XCLAIM', stream, group, us, 0}
      call[#call + 1] = id
      calls[count] = call
    end
  end
  for count, call in pairs(calls) do
    call[#call + 1] = 'RETRYCOUNT'
    call[#call + 1] = count
    for _, entry in ipairs(redis.call(unpack(call))) do
      fields[entry[1]] = entry[2]
    end
  end
  return fields
end

-- A count of 0, of an entry that waited for its endpoint, becomes 1: it is delivered now.
local function delivery(count)
  return math.max(1, count + more)
end

-- The context of a trace is valid only if it is short, so it does not count as bytes.
local function wanted(all)
  local some, bytes = {}, 0
  for i = 1, #all, 2 do
    local name, value = all[i], all[i + 1]
    if name == 'data' or name == 'trace_id' or name == 'schema_version' then
      some[#some + 1] = name
      some[#some + 1] = value
      bytes = bytes + #value
    elseif (name == 'traceparent' or name == 'tracestate') and #value <= 512 then
      some[#some + 1] = name
      some[#some + 1] = value
    end
  end
  return some, bytes
end

local rows, delivered, next_bytes, is_over = {}, {}, 0, false
local at, step = 1, 1
while at <= #ids and not is_over do
  local to = math.min(#ids, at + step - 1)
  local fields = fields_of(at, to)
  local seen, from = 0, at
  while at <= to and not is_over do
    local id = ids[at]
    local count = counts[id]
    if count and not fields[id] then
      rows[#rows + 1] = {id, delivery(count), false}
    elseif count then
      local some, bytes = wanted(fields[id])
      seen = seen + bytes
      if bytes > largest then
        rows[#rows + 1] = {id, delivery(count), bytes}
        is_over = true
      elseif bytes > room then
        next_bytes = bytes
        is_over = true
      else
        room = room - bytes
        rows[#rows + 1] = {id, delivery(count), some, waits[id] or false, suspicions[id]}
        if more > 0 then
          local call = delivered[count] or {'XCLAIM', stream, group, us, 0}
          call[#call + 1] = id
          delivered[count] = call
        end
      end
    end
    if next_bytes == 0 then
      at = at + 1
    end
  end
  local each = seen / (to - from + 1)
  step = math.max(1, math.min(step * 4, math.floor(at_a_time / math.max(each, 1))))
end
for count, call in pairs(delivered) do
  call[#call + 1] = 'RETRYCOUNT'
  call[#call + 1] = count + more
  call[#call + 1] = 'JUSTID'
  redis.call(unpack(call))
end
return {at - 1, next_bytes, rows}
