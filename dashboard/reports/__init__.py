"""Reports from the same questions as the pages: content first, then Word, slides and workbook made of it."""
