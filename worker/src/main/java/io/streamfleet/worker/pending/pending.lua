-- What scripts need to know that take entries by id: which of them are pending for a consumer, and
-- which of those the stream still holds. Asked for each id by itself, this was measured to cost more
-- than all else that the scripts do. Writes nothing.

-- The delivery counts, by id, of those ids that are pending for a consumer. They lie close together
-- as a rule, so one look from the oldest to the newest of them sees all; where it would see too much
-- else, what it did not come to is asked for one by one.
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

-- Whether one id is older than another. Both parts may be larger than a number can tell apart.
local function is_older(id, other)
  local millis, sequence = string.match(id, '(%d+)-(%d+)')
  local others_millis, others_sequence = string.match(other, '(%d+)-(%d+)')
  local a, b = millis, others_millis
  if a == b then
    a, b = sequence, others_sequence
  end
  return #a < #b or (#a == #b and a < b)
end

-- A function that tells of an id, which was in the stream once and is not older than the oldest,
-- whether it is there still: surely if nothing from the oldest on is gone, which the server itself
-- tells, for the lag, by its first entry and the last one deleted. XCLAIM would strike an entry off
-- the pending list that the stream holds no more, and nobody would count it.
local function still_there(stream, oldest)
  -- An ACL may forbid the question: then each id is asked for.
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
