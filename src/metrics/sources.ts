// What metrics count in: four readings of the record, each with a column `session`. All metrics that count in the same
// source share one pass over it, so a run of ten million events is read a few times and not once per metric.

export type SourceName = 'sessions' | 'items' | 'slates' | 'places';

/** SQL of each source: rows in order of session, of every status; who counts is decided where rows are added up. */
export const sources: Readonly<Record<SourceName, string>> = {
  /** The visits themselves: steps, seconds. */
  sessions: 'SELECT id AS session, steps, simulated_seconds AS seconds FROM sessions',

  /** Items a visit acted on, wherever it found them: opens (times), watched and listed (0 or 1), stars, ratings. */
  items: `
    SELECT session, item,
      sum(type = 'item-opened') AS opens,
      max(type = 'item-watched') AS watched,
      max(type = 'item-listed') AS listed,
      sum(CASE WHEN type = 'item-rated' THEN value END) AS stars,
      sum(type = 'item-rated') AS ratings
    FROM events INDEXED BY events_by_session_item
    WHERE item IS NOT NULL
    GROUP BY session, item`,

  /**
   * Home slates: page, items (JSON), opened (how many of its places) and opened_slots ('3,7', null for none). The site's
   * own search results are no slates of an arm.
   */
  slates: `
    SELECT e.session, e.slate, e.page, e.data ->> '$.items' AS items,
      (
        SELECT count(DISTINCT o.slot) FROM events o
        WHERE o.session = e.session AND o.slate = e.slate AND o.type = 'item-opened'
      ) AS opened,
      (
        SELECT group_concat(o.slot) FROM events o
        WHERE o.session = e.session AND o.slate = e.slate AND o.type = 'item-opened'
      ) AS opened_slots
    FROM events e
    WHERE e.type = 'slate-shown' AND e.data ->> '$.list' = 'home'`,

  /**
   * Places of home slates: page, slot, item, score, propensity, drafter (null outside interleaving), in_view and
   * opened (0 or 1). LIMIT −1 keeps SQLite from looking up what was opened again for every place.
   */
  places: `
    SELECT shown.session, shown.slate, shown.page,
      place.value ->> '$.slot' AS slot,
      place.value ->> '$.item' AS item,
      place.value ->> '$.score' AS score,
      place.value ->> '$.propensity' AS propensity,
      place.value ->> '$.drafter' AS drafter,
      place.value ->> '$.inView' AS in_view,
      shown.opened <> '' AND instr(shown.opened, ',' || (place.value ->> '$.slot') || ',') > 0 AS opened
    FROM (
      SELECT e.session, e.slate, e.page, e.data ->> '$.items' AS items,
        coalesce((
          SELECT ',' || group_concat(o.slot) || ',' FROM events o
          WHERE o.session = e.session AND o.slate = e.slate AND o.type = 'item-opened'
        ), '') AS opened
      FROM events e
      WHERE e.type = 'slate-shown' AND e.data ->> '$.list' = 'home'
      LIMIT -1
    ) shown, json_each(shown.items) place`,
};
