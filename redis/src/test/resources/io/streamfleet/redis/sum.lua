-- Adds two numbers, and says of which key it was told.
return {ARGV[1] + ARGV[2], KEYS[1]}
