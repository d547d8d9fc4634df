"""How systems are reached: in, out, seen, stored; adapters do not know each other."""
