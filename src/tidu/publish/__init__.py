"""Floor 7: an index as files that others open and rerun: tables, workbook, the run folder."""
