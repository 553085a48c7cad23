-- Functions for scripts that take ids of entries: which of them are pending for a consumer, and which
-- of those are still in the stream. A separate call for each id was measured to cost more than the
-- rest of the scripts. Writes nothing.

-- The delivery counts, by id, of the ids that are pending for a consumer. The ids are usually close
-- together, so one XPENDING from the oldest to the newest returns all of them. If there are too many
-- others between them, the ids that it did not reach are looked up one by one.
local function delivery_counts(stream, group, consumer, oldest, newest, ids)
  local most = 2 * #ids + 100
  local rows = redis.call('XPENDING', stream, group, oldest, newest, most, consumer)
  local counts = {}
  for _, row in ipairs(rows) do
    counts[row[1]] = row[4]
  end
  for i = 1, #rows == most and #ids or 0 do
    if not counts[ids[i]] then
      local row = redis.call('XPENDING', stream, group, ids[i], ids[i], 1, consumer)[1]
      counts[ids[i]] = row and row[4]
    end
  end
  return counts
end

-- Whether one id is older than another. Compared as text, since both parts may exceed the precision of
-- Lua's numbers.
local function is_older(id, other)
  local millis, sequence = string.match(id, '(%d+)-(%d+)')
  local others_millis, others_sequence = string.match(other, '(%d+)-(%d+)')
  local a, b = millis, others_millis
  if a == b then
    a, b = sequence, others_sequence
  end
  return #a < #b or (#a == #b and a < b)
end

-- Returns a function that says whether an id, which was once in the stream and is not older than the
-- oldest, is still there. That is certain if nothing from the oldest on was deleted, which follows from
-- the stream's first entry and its max-deleted-entry-id. XCLAIM would remove a deleted entry from the
-- pending entries list, and nobody would count it.
local function still_there(stream, oldest)
  -- An ACL may forbid XINFO: then each id is looked up.
  local info = redis.pcall('XINFO', 'STREAM', stream)
  local about = {}
  for i = 1, #info, 2 do
    about[info[i]] = info[i + 1]
  end
  local first, deleted = about['first-entry'], about['max-deleted-entry-id']
  local whole = first and deleted and not is_older(oldest, first[1]) and is_older(deleted, oldest)
  return function(id)
    return whole or redis.call('XRANGE', stream, id, id, 'COUNT', 1)[1] ~= nil
  end
end
