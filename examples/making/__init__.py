"""Writers that turn the readable sources of the sample company into office documents.

`markup` and `grid` read the sources; `pdf`, `word`, `slides`, `opendocument`, `sheets`, `pictures`
and `mail` each write one family of formats. Output is the same at every run: dates come from the
sources, never from the clock.
"""
