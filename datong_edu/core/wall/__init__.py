"""The second wall: PostgreSQL itself shows a request or a job no row outside its scope (row-level security).

`standing` says under which database role and scope statements run, `roles` what each role may touch, and
`policies` which rows of a table it sees.  The application's own scope (`accounts.scope`) stands before it;
the wall holds when that is forgotten.
"""
