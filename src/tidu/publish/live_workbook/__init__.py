"""An index as a workbook that computes itself."""
