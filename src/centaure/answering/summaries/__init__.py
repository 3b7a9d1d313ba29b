"""The summary of one document, however long: by parts, each sentence with the pages it rests on.

The passages that its reader may read are cut into parts along the headings. A language model summarises each
part from numbered passages and then puts the parts together; every sentence is held against the passages
themselves. Where no model may be sent the document, or each fails, the most telling sentences of its parts
are quoted instead, and said to be quotations.
"""
