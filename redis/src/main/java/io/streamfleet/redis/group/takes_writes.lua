#!lua
-- Checks whether the server accepts writes: if not, it refuses to run this script.
--
-- KEYS[1]  in a Cluster, a key of the node to check; else none
-- reply    an empty list, or the server's error for writes: OOM, MISCONF, NOREPLICAS, READONLY
--
-- The first line makes it work: since Redis 7.0 a script that declares no flags counts as a writing
-- one and is refused as a whole before it runs. Writes nothing.
return {}
