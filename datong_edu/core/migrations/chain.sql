-- The audit chain.  A transaction that writes events takes a number, the deed (留痕号), which every event
-- carries.  At commit each table's events of the deed are digested in one set per county, without a lock; when
-- all other checks of the commit are done, one link for each county is added to its chain under an advisory
-- lock.  Sealed columns (bytea) stay out of the digest: they are authenticated by their own tag and bound to
-- the blind index beside them, which is digested, so that new keys may seal them anew.

CREATE SEQUENCE core_audit_deed_seq;

-- Tables touched by a deed, and the last key before it; deeds to digest; their digests; deeds to link.
CREATE UNLOGGED TABLE core_audit_touch (
    deed bigint, source text, since bigint NOT NULL, PRIMARY KEY (deed, source)
);
CREATE UNLOGGED TABLE core_audit_due (deed bigint PRIMARY KEY);
CREATE UNLOGGED TABLE core_audit_part (
    deed bigint, county integer, source text, said jsonb NOT NULL, contexts jsonb, PRIMARY KEY (deed, county, source)
);
CREATE UNLOGGED TABLE core_audit_ready (deed bigint PRIMARY KEY);

-- Before each statement that adds events: the deed has a number, which the column's default reads.
CREATE FUNCTION audit_touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE mine bigint := nullif(current_setting('audit.deed', true), '');
BEGIN
    IF mine IS NULL THEN
        mine := nextval('core_audit_deed_seq');
        PERFORM set_config('audit.deed', mine::text, true);
    END IF;
    INSERT INTO core_audit_touch VALUES (
        mine, TG_TABLE_NAME,
        coalesce(pg_sequence_last_value(pg_get_serial_sequence(quote_ident(TG_TABLE_NAME), TG_ARGV[0])::regclass), 0)
    ) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- After it: the deed is digested at commit.
CREATE FUNCTION audit_due() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO core_audit_due VALUES (current_setting('audit.deed')::bigint) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- Names of the columns a digest holds, in order: all but the sealed ones.
CREATE FUNCTION audit_columns(source text) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(attname::text ORDER BY attname COLLATE "C") FROM pg_attribute
    WHERE attrelid = quote_ident(source)::regclass AND attnum > 0 AND NOT attisdropped
        AND atttypid <> 'bytea'::regtype
$$;

-- Query of digests per deed and county over some columns: deed, county, events, first, last, contexts, digest.
-- Rows are hashed first, so that sorting them moves 32 bytes and not whole rows.
CREATE FUNCTION audit_query(source text, columns text[], condition text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format(
        'SELECT deed, county, count(*) AS events, min(key) AS first, max(key) AS last,'
        ' array_agg(DISTINCT context) AS contexts, sha256(string_agg(hash, '''' ORDER BY key)) AS digest'
        ' FROM (SELECT e.audit_deed AS deed, %s AS county, e.%I AS key, %s AS context,'
        ' sha256(convert_to(ROW(%s)::text, ''UTF8'')) AS hash FROM %I e WHERE %s OFFSET 0) h GROUP BY 1, 2',
        CASE WHEN 'county_id' = ANY (columns) THEN 'coalesce(e.county_id, 0)::integer' ELSE '0' END,
        CASE WHEN 'pgh_id' = ANY (columns) THEN 'pgh_id' ELSE 'id' END,
        CASE WHEN 'pgh_context_id' = ANY (columns) THEN 'e.pgh_context_id' ELSE 'NULL::uuid' END,
        (SELECT string_agg(format('e.%I', name), ', ' ORDER BY at) FROM unnest(columns) WITH ORDINALITY c(name, at)),
        source, condition
    )
$$;

CREATE FUNCTION audit_digest() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
SET "TimeZone" = 'UTC' SET "DateStyle" = 'ISO, YMD' SET "IntervalStyle" = 'iso_8601' SET extra_float_digits = '1'
SET jit = off AS $$
DECLARE touched record; listed text[]; here text; shape integer;
BEGIN
    FOR touched IN WITH gone AS (DELETE FROM core_audit_touch t WHERE t.deed = NEW.deed RETURNING t.source, t.since)
        SELECT * FROM gone ORDER BY gone.source
    LOOP
        listed := audit_columns(touched.source);
        SELECT s.id INTO shape FROM core_auditshape s WHERE s.source = touched.source AND s.columns = listed;
        IF shape IS NULL THEN -- columns changed behind the back of audit_watch
            INSERT INTO core_auditshape (source, columns) VALUES (touched.source, listed)
                ON CONFLICT (source, columns) DO UPDATE SET source = EXCLUDED.source RETURNING id INTO shape;
        END IF;
        here := CASE WHEN 'pgh_id' = ANY (listed) THEN 'e.pgh_id > $2' ELSE 'e.id > $2' END;
        EXECUTE 'INSERT INTO core_audit_part SELECT d.deed, d.county, $3, jsonb_build_object(''shape'', $4, ''events'','
            ' d.events, ''first'', d.first, ''last'', d.last, ''digest'', encode(d.digest, ''hex'')), '
            || CASE WHEN 'pgh_context_id' = ANY (listed) THEN
                '(SELECT jsonb_object_agg(coalesce(u.id::text, ''''), coalesce(x.metadata, jsonb_build_object('
                '''source'', ''sql'', ''role'', session_user, ''application'', current_setting(''application_name''))))'
                ' FROM unnest(d.contexts) u(id) LEFT JOIN pghistory_context x ON x.id = u.id)'
              ELSE 'NULL' END
            || ' FROM (' || audit_query(touched.source, listed, 'e.audit_deed = $1 AND ' || here) || ') d'
            USING NEW.deed, touched.since, touched.source, shape;
    END LOOP;
    DELETE FROM core_audit_due WHERE deed = NEW.deed;
    -- Whatever this transaction still writes is a deed of its own.
    IF current_setting('audit.deed', true) = NEW.deed::text THEN
        PERFORM set_config('audit.deed', '', true);
    END IF;
    INSERT INTO core_audit_ready VALUES (NEW.deed) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- What a link's hash is made of.
CREATE FUNCTION audit_hash(
    previous bytea, county integer, number bigint, deed bigint, at timestamptz, events bigint, parts jsonb,
    contexts jsonb
) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(previous || convert_to(concat_ws('|', county, number, deed,
        (extract(epoch FROM at) * 1000000)::bigint, events, parts::text, contexts::text), 'UTF8'))
$$;

-- The end of a county's chain: its number and hash.  A chain whose beginning was cut goes on from the cut.
CREATE FUNCTION audit_end(county integer, OUT number bigint, OUT hash bytea) LANGUAGE sql AS $$
    SELECT e.number, e.hash FROM (
        (SELECT l.number, l.hash FROM core_auditlink l WHERE l.county = audit_end.county ORDER BY l.number DESC LIMIT 1)
        UNION ALL
        (SELECT s.number, s.hash FROM core_auditseal s WHERE s.county = audit_end.county AND s.kind = 'cut'
            ORDER BY s.number DESC LIMIT 1)
        UNION ALL SELECT 0, sha256(convert_to('datong_edu ' || audit_end.county, 'UTF8'))
    ) e ORDER BY e.number DESC LIMIT 1
$$;

CREATE FUNCTION audit_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one record; tail record; moment timestamptz;
BEGIN
    FOR one IN
        WITH gone AS (DELETE FROM core_audit_part p WHERE p.deed = NEW.deed RETURNING p.*)
        SELECT g.county, jsonb_object_agg(g.source, g.said) AS parts, sum((g.said->>'events')::bigint)::bigint AS events,
            coalesce((SELECT jsonb_object_agg(c.key, c.value) FROM gone h, jsonb_each(h.contexts) c
                WHERE h.county = g.county), '{}') AS contexts
        FROM gone g GROUP BY g.county ORDER BY g.county
    LOOP
        PERFORM pg_advisory_xact_lock(20201215, one.county);
        SELECT * INTO tail FROM audit_end(one.county);
        moment := clock_timestamp();
        INSERT INTO core_auditlink (county, number, deed, at, events, parts, contexts, hash) VALUES (
            one.county, tail.number + 1, NEW.deed, moment, one.events, one.parts, one.contexts,
            audit_hash(tail.hash, one.county, tail.number + 1, NEW.deed, moment, one.events, one.parts, one.contexts)
        );
    END LOOP;
    DELETE FROM core_audit_ready WHERE deed = NEW.deed;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_digest AFTER INSERT ON core_audit_due DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_digest();
CREATE CONSTRAINT TRIGGER audit_link AFTER INSERT ON core_audit_ready DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION audit_link();

-- Whether an event may be deleted: its link lies before a signed cut of its county.
CREATE FUNCTION audit_is_cut(its_deed bigint, its_county integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM core_auditseal s LEFT JOIN core_auditlink l ON l.county = s.county AND l.deed = its_deed
        WHERE s.county = its_county AND s.kind = 'cut' AND l.number <= s.number
    )
$$;

-- Events are only ever added.  What new keys seal anew is no change; rows go once a signed cut has passed them.
CREATE FUNCTION audit_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE sealed text[]; was jsonb := to_jsonb(OLD);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(attname::text) INTO sealed FROM pg_attribute WHERE attrelid = TG_RELID AND attnum > 0
            AND NOT attisdropped AND atttypid = 'bytea'::regtype AND was ? 'audit_deed';
        IF to_jsonb(NEW) - coalesce(sealed, '{}') = was - coalesce(sealed, '{}') THEN
            RETURN NEW;
        END IF;
    ELSIF audit_is_cut(coalesce(was->>'audit_deed', was->>'deed')::bigint,
            coalesce(was->>'county_id', was->>'county', '0')::integer) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'append_only: rows of % are only ever added', TG_TABLE_NAME;
END $$;

CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append_only: rows of % are only ever added', TG_TABLE_NAME;
END $$;

-- Gives every table of events, which is one with a column audit_deed, its triggers, and notes its columns; asked
-- after each migration.
CREATE FUNCTION audit_watch() RETURNS void LANGUAGE plpgsql AS $$
DECLARE source regclass; key text; is_new boolean;
BEGIN
    FOR source, is_new IN SELECT c.oid::regclass,
        NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'audit_touch')
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'audit_deed' AND NOT a.attisdropped
        WHERE c.relkind = 'r' AND c.relpersistence = 'p'
    LOOP
        INSERT INTO core_auditshape (source, columns) VALUES (source::text, audit_columns(source::text))
            ON CONFLICT DO NOTHING;
        CONTINUE WHEN NOT is_new;
        key := CASE WHEN 'pgh_id' = ANY (audit_columns(source::text)) THEN 'pgh_id' ELSE 'id' END;
        EXECUTE format('CREATE TRIGGER audit_touch BEFORE INSERT ON %s EXECUTE FUNCTION audit_touch(%L)', source, key);
        EXECUTE format('CREATE TRIGGER audit_due AFTER INSERT ON %s EXECUTE FUNCTION audit_due()', source);
        EXECUTE format('CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON %s FOR EACH ROW'
            ' EXECUTE FUNCTION audit_guard()', source);
        EXECUTE format('CREATE TRIGGER audit_kept BEFORE TRUNCATE ON %s EXECUTE FUNCTION audit_kept()', source);
    END LOOP;
END $$;

CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON core_auditlink FOR EACH ROW EXECUTE FUNCTION audit_guard();
CREATE TRIGGER audit_kept BEFORE TRUNCATE ON core_auditlink EXECUTE FUNCTION audit_kept();
CREATE TRIGGER audit_guard BEFORE UPDATE OR DELETE ON core_auditseal FOR EACH ROW EXECUTE FUNCTION audit_kept();
CREATE TRIGGER audit_kept BEFORE TRUNCATE ON core_auditseal EXECUTE FUNCTION audit_kept();

-- The law asks for three years; no cut goes further, whatever a parameter says.
CREATE FUNCTION audit_not_too_early() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM core_auditlink WHERE county = NEW.county AND number = NEW.number
            AND hash = NEW.hash AND at < now() - interval '3 years') THEN
        RAISE EXCEPTION 'append_only: a chain is not cut within three years';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER audit_not_too_early BEFORE INSERT ON core_auditseal FOR EACH ROW WHEN (NEW.kind = 'cut')
    EXECUTE FUNCTION audit_not_too_early();

-- Contexts say who acted and why.  A later statement of the same context may learn who the user is and tell
-- more, never something else; a context goes with the events of its time.
CREATE FUNCTION audit_context_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.id = OLD.id AND NEW.metadata - 'user' @> OLD.metadata - 'user'
            AND (coalesce(OLD.metadata->'user', 'null') = 'null' OR OLD.metadata->'user' = NEW.metadata->'user') THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'DELETE' AND OLD.created_at < now() - interval '3 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'append_only: rows of % are kept as they are', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_context_kept BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION audit_context_kept();
