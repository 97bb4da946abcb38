"""Reading the spreadsheets that federations keep today: bytes in, judged rows out.

Pure: no database, no clock, no network. The way through is `files` (which kind of file, how large) ->
`workbook` or `delimited` (lines of cell texts) -> `columns` (which column is what) -> `rows` (each line
kept or rejected) -> `reading` (the whole file). What a row means for a federation is decided by the import
above.
"""
