// List diversity: how different in genre the items of one slate are from each other (intra-list diversity,
// Ziegler et al. 2005, with the Jaccard similarity of genre sets). Order in the slate plays no part.

import type { Metric } from './metric.ts';

/** 1 − mean Jaccard similarity of the genre sets of two items of a home slate, averaged over slates. */
export const listDiversity: Metric = {
  name: 'list-diversity',
  title: 'List diversity',
  unit: '1 − Jaccard',
  description:
    '1 − the mean Jaccard similarity of the genre sets over all pairs of items of a home slate, averaged over slates. Items without genres are left out; so is a slate with fewer than two others.',
  kind: 'ratio',
  higherIsBetter: true,
  sql: `
    WITH genre AS MATERIALIZED (
      SELECT DISTINCT i.id AS item, g.value AS genre FROM items i, json_each(i.genres) g
    ),
    size AS MATERIALIZED (SELECT item, count(*) AS genres FROM genre GROUP BY item),
    place AS MATERIALIZED (
      SELECT DISTINCT e.session, e.slate, p.value ->> '$.item' AS item
      FROM events e JOIN sessions s ON s.id = e.session, json_each(e.data, '$.items') p
      WHERE e.type = 'slate-shown' AND e.data ->> '$.list' = 'home' AND s.status = 'complete'
    ),
    known AS MATERIALIZED (
      SELECT p.session, p.slate, count(*) AS items FROM place p JOIN size z ON z.item = p.item
      GROUP BY p.session, p.slate HAVING count(*) > 1
    ),
    place_genre AS MATERIALIZED (
      SELECT p.session, p.slate, p.item, g.genre, z.genres FROM place p JOIN genre g ON g.item = p.item JOIN size z ON z.item = p.item
    ),
    shared AS MATERIALIZED (
      SELECT a.session, a.slate, 1.0 * count(*) / (a.genres + b.genres - count(*)) AS jaccard
      FROM place_genre a JOIN place_genre b ON b.session = a.session AND b.slate = a.slate AND b.genre = a.genre AND b.item > a.item
      GROUP BY a.session, a.slate, a.item, b.item
    ),
    similarity AS MATERIALIZED (SELECT session, slate, sum(jaccard) AS total FROM shared GROUP BY session, slate),
    diversity AS MATERIALIZED (
      SELECT k.session, 1 - coalesce(y.total, 0) * 2.0 / (k.items * (k.items - 1)) AS value
      FROM known k LEFT JOIN similarity y ON y.session = k.session AND y.slate = k.slate
    )
    SELECT s.arm, s.visitor, coalesce(sum(d.value), 0) AS numerator, count(d.value) AS denominator
    FROM sessions s LEFT JOIN diversity d ON d.session = s.id
    WHERE s.status = 'complete'
    GROUP BY s.arm, s.visitor`,
};
