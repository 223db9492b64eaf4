"""Programmes over several years: phases, targets, tasks, and what they hand over."""
