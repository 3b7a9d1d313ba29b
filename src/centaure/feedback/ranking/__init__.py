"""Who is preferred, from many votes on pairs: strengths by Bradley and Terry, with how sure they are."""
