-- name: count  how many events came in a period, with their content still kept
SELECT count(*)::int FROM event WHERE accepted_at >= %(since)s AND accepted_at < %(until)s AND raw <> '';

-- name: events  some of them, after a number, in the order they were taken in
SELECT no, id::text, type, publisher, topic, partition, "offset", raw, facts, policy FROM event
WHERE accepted_at >= %(since)s AND accepted_at < %(until)s AND raw <> '' AND no > %(after)s
ORDER BY no LIMIT %(limit)s;

-- name: files  families as they were
SELECT v.family, v.version, v.doc FROM family_version v
JOIN unnest(%(families)s::bigint[], %(versions)s::int[]) AS t (family, version) USING (family, version);

-- name: cover  the teams and publishers as they were
SELECT doc FROM cover_version WHERE version = %(version)s;
