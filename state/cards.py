"""The cards of offices: the database takes them out of the applied documents, which nobody reads whole."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, bindparam, text

from duban.card import Card, card

AT_ONCE = 500
"""Documents a question."""


def cards(connection: Connection, rows: Collection[int]) -> dict[int, Card]:
    """By the number of the document in force (state.applied.newest)."""
    return {row: card(said) for some in _portions(rows) for row, said in _ask(connection, some)}


def _portions(rows: Collection[int]) -> Iterator[list[int]]:
    every = sorted(rows)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _ask(connection: Connection, rows: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    query = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    for row in connection.execute(query, {"rows": rows}):
        yield (
            row.id,
            {
                "office": row.office,
                "linked": json.loads(row.linked),
                "phases": json.loads(row.phases),
                "adopts": [*json.loads(row.entries), *json.loads(row.tasks)],
            },
        )


_SQLITE = text("""
SELECT id, json_extract(document, '$.office') AS office,
    (SELECT json_group_array(
            json_array(json_extract(d.value, '$.id'), json_extract(d.value, '$.office')))
        FROM json_each(document, '$.departments') AS d
        WHERE json_extract(d.value, '$.office') IS NOT NULL) AS linked,
    (SELECT json_group_array(json_array(json_extract(p.value, '$.id'), json(f.value)))
        FROM json_each(document, '$.programmes') AS p, json_each(p.value, '$.phases') AS f
        ) AS phases,
    (SELECT json_group_array(
            json_array(json_extract(a.value, '$.activity'), json_extract(a.value, '$.adopts')))
        FROM json_each(document, '$.years') AS y, json_each(y.value, '$.activities') AS a
        WHERE json_extract(a.value, '$.adopts') IS NOT NULL) AS entries,
    (SELECT json_group_array(json_array(
            json_extract(p.value, '$.id') || '.' || json_extract(t.value, '$.id'),
            json_extract(t.value, '$.adopts')))
        FROM json_each(document, '$.programmes') AS p, json_each(p.value, '$.tasks') AS t
        WHERE json_extract(t.value, '$.adopts') IS NOT NULL) AS tasks
FROM applied WHERE id IN :rows
""").bindparams(bindparam("rows", expanding=True))
_POSTGRESQL = text("""
SELECT id, CAST(j -> 'office' AS text) AS office,
    (SELECT CAST(coalesce(jsonb_agg(jsonb_build_array(d -> 'id', d -> 'office')), '[]') AS text)
        FROM jsonb_array_elements(j -> 'departments') AS d
        WHERE d -> 'office' IS NOT NULL) AS linked,
    (SELECT CAST(coalesce(jsonb_agg(jsonb_build_array(p -> 'id', f)), '[]') AS text)
        FROM jsonb_array_elements(j -> 'programmes') AS p,
            jsonb_array_elements(p -> 'phases') AS f) AS phases,
    (SELECT CAST(coalesce(jsonb_agg(jsonb_build_array(a -> 'activity', a -> 'adopts')), '[]') AS text)
        FROM jsonb_array_elements(j -> 'years') AS y,
            jsonb_array_elements(y -> 'activities') AS a
        WHERE a -> 'adopts' IS NOT NULL) AS entries,
    (SELECT CAST(coalesce(jsonb_agg(jsonb_build_array(
            concat(p ->> 'id', '.', t ->> 'id'), t -> 'adopts')), '[]') AS text)
        FROM jsonb_array_elements(j -> 'programmes') AS p,
            jsonb_array_elements(p -> 'tasks') AS t
        WHERE t -> 'adopts' IS NOT NULL) AS tasks
FROM (SELECT id, CAST(document AS jsonb) AS j FROM applied WHERE id IN :rows OFFSET 0) AS documents
""").bindparams(bindparam("rows", expanding=True))
