"""The pages of a site: one room a page, templates beside them, one table of addresses for the server and the folder."""
