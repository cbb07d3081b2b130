"""Practice credits for a university: a roster in, a signed report out, decisions in the ledger.

roster_*     the file of the registrar: read, normalised, matched with accounts by identifier
matched      what a row of it came to
drafting     evaluate all rows as of one batch and write the report (`ledger.core.credits.report`)
registrar    the runs that are kept: draft, published, objections, final
changes      what changed between two reports
sheets       CSV and XLSX of a report
printed      the report on paper
"""
