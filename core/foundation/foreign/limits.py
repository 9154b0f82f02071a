"""How much of a foreign file is taken, by kind: measured before it is parsed, each with its reason.

Films and voices are opened by a process that imports nothing of ours: their limits stand in `film_child`.
"""

from __future__ import annotations

MEGABYTE = 1024 * 1024

# --- pictures ---------------------------------------------------------------------------------------
# A phone's photograph has 3 to 12 MB.
PICTURE_BYTES = 20 * MEGABYTE
# The largest camera of a phone that sends its whole sensor has 50; 40 unpack to 160 MB of memory.
PICTURE_PIXELS = 40_000_000

# --- tables -----------------------------------------------------------------------------------------
# 50,000 patients with 20 columns are about 10 MB of text and 4 MB of workbook.
TABLE_BYTES = 20 * MEGABYTE
# What can still be looked over before it is imported; a pilot department has a few thousand.
TABLE_ROWS = 50_000
# Empty rows and line breaks inside cells come on top of what counts as a row.
TABLE_LINES = 4 * TABLE_ROWS
# The widest export of a hospital system we have seen has 64.
TABLE_COLUMNS = 120
# 50,000 rows of 40 columns, and half as many again that are empty but formatted.
TABLE_CELLS = 3_000_000
# What one cell of Excel can hold.
CELL_CHARACTERS = 32_767
# Excel itself ends here; a row number beyond it is forged.
EXCEL_ROWS = 1_048_576
# A workbook's cells and words, unpacked; ten times the text they hold.
WORKBOOK_UNPACKED = 120 * MEGABYTE
# Formats, names of sheets, relations: everything of a workbook but its cells and words is read whole.
WORKBOOK_PART = 8 * MEGABYTE
# A sheet, its drawing, its relations; sixteen for an ordinary workbook.
WORKBOOK_ENTRIES = 2_000
# worksheet › sheetData › row › c › is › r › rPr › one format: eight, and room for extensions.
WORKBOOK_NESTING = 16

# --- packages ---------------------------------------------------------------------------------------
# A package of 60 tasks has about 150,000 characters.
PACKAGE_BYTES = 1_000_000
# The largest template nests six deep.
PACKAGE_NESTING = 24
# The largest template has 2,800 events; a package of 60 tasks with everything about 15,000.
PACKAGE_EVENTS = 60_000
# Eighteen digits are more than any number here needs; int() itself gives up at 4,300.
NUMBER_DIGITS = 18
