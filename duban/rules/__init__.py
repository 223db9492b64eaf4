"""The kinds of date rules, one file a family; duban/rule.py reads them."""
