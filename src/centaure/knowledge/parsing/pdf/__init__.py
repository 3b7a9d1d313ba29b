"""PDF to blocks: lines from pdfium, then order, furniture, tables, paragraphs and headings."""
