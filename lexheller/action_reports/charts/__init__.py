"""The yearly report's charts: plain numbers in, SVG text and a sentence out.

One module per kind, each with the same three functions: `worth_drawing`, `drawn` and `summary`. Nothing here counts
or hides numbers; what is `None` was hidden before it came here and is never guessed at.
"""
