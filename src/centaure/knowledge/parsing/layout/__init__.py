"""From lines on a page to paragraphs, wherever the lines come from: a PDF's text or a picture's."""
