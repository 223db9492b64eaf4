"""Departments and contacts: who they are, who is away, whose mail does not arrive."""
