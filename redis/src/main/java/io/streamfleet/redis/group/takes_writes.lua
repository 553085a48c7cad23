#!lua
-- Asks whether the server takes writes: it refuses to run this where it would refuse one.
--
-- KEYS[1]  in a Cluster, a key of the node that is asked; else none
-- reply    an empty list, or what the server says to a write: OOM, MISCONF, NOREPLICAS, READONLY
--
-- The first line is why: since 7.0 a script that declares no flags is taken for one that writes, and
-- is refused as a whole before it runs. Writes nothing.
return {}
