SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA durable;
CREATE SCHEMA jit;
CREATE FUNCTION durable.require(condition boolean, failure text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if not condition then
        raise exception 'a durable write was refused' using errcode = failure;
    end if;
end $$;
CREATE FUNCTION jit.mt_archive_stream(streamid character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
  update jit.mt_streams set is_archived = TRUE where id = streamid ;
  update jit.mt_events set is_archived = TRUE where stream_id = streamid ;
END;
$$;
CREATE FUNCTION jit.mt_grams_array(words text, use_unaccent boolean DEFAULT false) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT
    AS $$
        DECLARE
result text[];
        DECLARE
word text;
        DECLARE
clean_word text;
BEGIN
                FOREACH
word IN ARRAY string_to_array(words, ' ')
                LOOP
                     clean_word = regexp_replace(jit.mt_safe_unaccent(use_unaccent, word), '[^a-zA-Z0-9]+', '','g');
FOR i IN 1 .. length(clean_word)
                     LOOP
                         result := result || quote_literal(substr(lower(clean_word), i, 1));
                         result
:= result || quote_literal(substr(lower(clean_word), i, 2));
                         result
:= result || quote_literal(substr(lower(clean_word), i, 3));
END LOOP;
END LOOP;
RETURN ARRAY(SELECT DISTINCT e FROM unnest(result) AS a(e) ORDER BY e);
END;
$$;
CREATE FUNCTION jit.mt_grams_query(text, use_unaccent boolean DEFAULT false) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT
    AS $_$
BEGIN
RETURN (SELECT array_to_string(jit.mt_grams_array($1, use_unaccent), ' & ') ::tsquery);
END
$_$;
CREATE FUNCTION jit.mt_grams_vector(text, use_unaccent boolean DEFAULT false) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT
    AS $_$
BEGIN
RETURN (SELECT array_to_string(jit.mt_grams_array($1, use_unaccent), ' ') ::tsvector);
END
$_$;
CREATE FUNCTION jit.mt_immutable_date(value text) RETURNS date
    LANGUAGE sql IMMUTABLE
    AS $$
select value::date
$$;
CREATE FUNCTION jit.mt_immutable_time(value text) RETURNS time without time zone
    LANGUAGE sql IMMUTABLE
    AS $$
select value::time
$$;
CREATE FUNCTION jit.mt_immutable_timestamp(value text) RETURNS timestamp without time zone
    LANGUAGE sql IMMUTABLE
    AS $$
select value::timestamp
$$;
CREATE FUNCTION jit.mt_immutable_timestamptz(value text) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE
    AS $$
select value::timestamptz
$$;
CREATE FUNCTION jit.mt_jsonb_append(jsonb, text[], jsonb, boolean, jsonb DEFAULT NULL::jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    location ALIAS FOR $2;
    val ALIAS FOR $3;
    if_not_exists ALIAS FOR $4;
    patch_expression ALIAS FOR $5;
    tmp_value jsonb;
BEGIN
    tmp_value = retval #> location;
    IF tmp_value IS NOT NULL AND jsonb_typeof(tmp_value) = 'array' THEN
        CASE
            WHEN NOT if_not_exists THEN
                retval = jsonb_set(retval, location, tmp_value || val, FALSE);
            WHEN patch_expression IS NULL AND jsonb_typeof(val) = 'object' AND NOT tmp_value @> jsonb_build_array(val) THEN
                retval = jsonb_set(retval, location, tmp_value || val, FALSE);
            WHEN patch_expression IS NULL AND jsonb_typeof(val) <> 'object' AND NOT tmp_value @> val THEN
                retval = jsonb_set(retval, location, tmp_value || val, FALSE);
            WHEN patch_expression IS NOT NULL AND jsonb_typeof(patch_expression) = 'array' AND jsonb_array_length(patch_expression) = 0 THEN
                retval = jsonb_set(retval, location, tmp_value || val, FALSE);
            ELSE NULL;
            END CASE;
    END IF;
    RETURN retval;
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_append_key_value(jsonb, text[], jsonb, boolean) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    location ALIAS FOR $2;
    val ALIAS FOR $3;
    if_not_exists ALIAS FOR $4;
    tmp_value jsonb;
    _key text;
BEGIN
    tmp_value = retval #> location;
    IF tmp_value IS NOT NULL AND jsonb_typeof(tmp_value) = 'object' THEN
        CASE
            WHEN NOT if_not_exists THEN
                retval = jsonb_set(retval, location, tmp_value || val, FALSE);
            WHEN NOT tmp_value ?| ARRAY(SELECT jsonb_object_keys(val)) THEN
                retval = jsonb_set(retval, location, tmp_value || val, FALSE);
            ELSE NULL;
        END CASE;
    END IF;
    RETURN retval;
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_copy(jsonb, text[], text[]) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    src_path ALIAS FOR $2;
    dst_path ALIAS FOR $3;
    tmp_value jsonb;
BEGIN
    tmp_value = retval #> src_path;
    retval = jit.mt_jsonb_fix_null_parent(retval, dst_path);
    RETURN jsonb_set(retval, dst_path, tmp_value::jsonb, TRUE);
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_duplicate(jsonb, text[], jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    location ALIAS FOR $2;
    targets ALIAS FOR $3;
    tmp_value jsonb;
    target_path text[];
    target text;
BEGIN
    FOR target IN SELECT jsonb_array_elements_text(targets)
    LOOP
        target_path = jit.mt_jsonb_path_to_array(target, '\.');
        retval = jit.mt_jsonb_copy(retval, location, target_path);
    END LOOP;
    RETURN retval;
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_fix_null_parent(jsonb, text[]) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
retval ALIAS FOR $1;
    dst_path ALIAS FOR $2;
    dst_path_segment text[] = ARRAY[]::text[];
    dst_path_array_length integer;
    i integer = 1;
BEGIN
    dst_path_array_length = array_length(dst_path, 1);
    WHILE i <=(dst_path_array_length - 1)
    LOOP
        dst_path_segment = dst_path_segment || ARRAY[dst_path[i]];
        IF retval #> dst_path_segment IS NULL OR retval #> dst_path_segment = 'null'::jsonb THEN
            retval = jsonb_set(retval, dst_path_segment, '{}'::jsonb, TRUE);
        END IF;
        i = i + 1;
    END LOOP;
    RETURN retval;
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_increment(jsonb, text[], numeric) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
retval ALIAS FOR $1;
    location ALIAS FOR $2;
    increment_value ALIAS FOR $3;
    tmp_value jsonb;
BEGIN
    tmp_value = retval #> location;
    IF tmp_value IS NULL THEN
        tmp_value = to_jsonb(0);
END IF;
RETURN jsonb_set(retval, location, to_jsonb(tmp_value::numeric + increment_value), TRUE);
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_insert(jsonb, text[], jsonb, integer, boolean, jsonb DEFAULT NULL::jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    location ALIAS FOR $2;
    val ALIAS FOR $3;
    elm_index ALIAS FOR $4;
    if_not_exists ALIAS FOR $5;
    patch_expression ALIAS FOR $6;
    tmp_value jsonb;
BEGIN
    tmp_value = retval #> location;
    IF tmp_value IS NOT NULL AND jsonb_typeof(tmp_value) = 'array' THEN
        IF elm_index IS NULL THEN
            elm_index = jsonb_array_length(tmp_value) + 1;
        END IF;
        CASE
            WHEN NOT if_not_exists THEN
                retval = jsonb_insert(retval, location || elm_index::text, val);
            WHEN patch_expression IS NULL AND jsonb_typeof(val) = 'object' AND NOT tmp_value @> jsonb_build_array(val) THEN
                retval = jsonb_insert(retval, location || elm_index::text, val);
            WHEN patch_expression IS NULL AND jsonb_typeof(val) <> 'object' AND NOT tmp_value @> val THEN
                retval = jsonb_insert(retval, location || elm_index::text, val);
            WHEN patch_expression IS NOT NULL AND jsonb_typeof(patch_expression) = 'array' AND jsonb_array_length(patch_expression) = 0 THEN
                retval = jsonb_insert(retval, location || elm_index::text, val);
            ELSE NULL;
        END CASE;
    END IF;
    RETURN retval;
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_move(jsonb, text[], text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    src_path ALIAS FOR $2;
    dst_name ALIAS FOR $3;
    dst_path text[];
    tmp_value jsonb;
BEGIN
    tmp_value = retval #> src_path;
    retval = retval #- src_path;
    dst_path = src_path;
    dst_path[array_length(dst_path, 1)] = dst_name;
    retval = jit.mt_jsonb_fix_null_parent(retval, dst_path);
    RETURN jsonb_set(retval, dst_path, tmp_value, TRUE);
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_patch(jsonb, jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    patchset ALIAS FOR $2;
    patch jsonb;
    patch_path text[];
    patch_expression jsonb;
    value jsonb;
BEGIN
    FOR patch IN SELECT * from jsonb_array_elements(patchset)
    LOOP
        patch_path = jit.mt_jsonb_path_to_array((patch->>'path')::text, '\.');
        patch_expression = null;
        IF (patch->>'type') IN ('remove', 'append_if_not_exists', 'insert_if_not_exists') AND (patch->>'expression') IS NOT NULL THEN
            patch_expression = jsonb_path_query_array(retval #> patch_path, (patch->>'expression')::jsonpath);
        END IF;
        CASE patch->>'type'
            WHEN 'set' THEN
                retval = jsonb_set(retval, patch_path, (patch->'value')::jsonb, TRUE);
            WHEN 'delete' THEN
                retval = retval#-patch_path;
            WHEN 'append' THEN
                retval = jit.mt_jsonb_append(retval, patch_path, (patch->'value')::jsonb, FALSE);
            WHEN 'append_if_not_exists' THEN
                retval = jit.mt_jsonb_append(retval, patch_path, (patch->'value')::jsonb, TRUE, patch_expression);
            WHEN 'append_key_value' THEN
                retval = jit.mt_jsonb_append_key_value(retval, patch_path, (patch->'key_value')::jsonb, FALSE);
            WHEN 'append_key_value_if_not_exists' THEN
                retval = jit.mt_jsonb_append_key_value(retval, patch_path, (patch->'key_value')::jsonb, TRUE);
            WHEN 'insert' THEN
                retval = jit.mt_jsonb_insert(retval, patch_path, (patch->'value')::jsonb, (patch->>'index')::integer, FALSE);
            WHEN 'insert_if_not_exists' THEN
                retval = jit.mt_jsonb_insert(retval, patch_path, (patch->'value')::jsonb, (patch->>'index')::integer, TRUE, patch_expression);
            WHEN 'remove' THEN
                retval = jit.mt_jsonb_remove(retval, patch_path, COALESCE(patch_expression, (patch->'value')::jsonb));
            WHEN 'remove_key' THEN
                retval = jit.mt_jsonb_remove_key(retval, patch_path, (patch->>'key'));
            WHEN 'duplicate' THEN
                retval = jit.mt_jsonb_duplicate(retval, patch_path, (patch->'targets')::jsonb);
            WHEN 'rename' THEN
                retval = jit.mt_jsonb_move(retval, patch_path, (patch->>'to')::text);
            WHEN 'increment' THEN
                retval = jit.mt_jsonb_increment(retval, patch_path, (patch->>'increment')::numeric);
            WHEN 'increment_float' THEN
                retval = jit.mt_jsonb_increment(retval, patch_path, (patch->>'increment')::numeric);
            ELSE NULL;
        END CASE;
    END LOOP;
    RETURN retval;
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_path_to_array(text, character) RETURNS text[]
    LANGUAGE plpgsql
    AS $_$
DECLARE
    location ALIAS FOR $1;
    regex_pattern ALIAS FOR $2;
BEGIN
RETURN regexp_split_to_array(location, regex_pattern)::text[];
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_remove(jsonb, text[], jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    location ALIAS FOR $2;
    val ALIAS FOR $3;
    tmp_value jsonb;
    tmp_remove jsonb;
    patch_remove jsonb;
BEGIN
    tmp_value = retval #> location;
    IF tmp_value IS NOT NULL AND jsonb_typeof(tmp_value) = 'array' THEN
        IF jsonb_typeof(val) = 'array' THEN
            tmp_remove = val;
        ELSE
            tmp_remove = jsonb_build_array(val);
        END IF;
        FOR patch_remove IN SELECT * FROM jsonb_array_elements(tmp_remove)
        LOOP
            tmp_value =(SELECT jsonb_agg(elem)
            FROM jsonb_array_elements(tmp_value) AS elem
            WHERE elem <> patch_remove);
        END LOOP;
        IF tmp_value IS NULL THEN
            tmp_value = '[]'::jsonb;
        END IF;
    END IF;
    RETURN jsonb_set(retval, location, tmp_value, FALSE);
END;
$_$;
CREATE FUNCTION jit.mt_jsonb_remove_key(jsonb, text[], text) RETURNS jsonb
    LANGUAGE plpgsql
    AS $_$
DECLARE
    retval ALIAS FOR $1;
    location ALIAS FOR $2;
    _key ALIAS FOR $3;
    tmp_value jsonb;
    tmp_remove jsonb;
    patch_remove jsonb;
BEGIN
    tmp_value = retval #> location;
    IF tmp_value IS NOT NULL AND jsonb_typeof(tmp_value) = 'object' THEN
        RETURN jsonb_set(retval, location, tmp_value - _key, FALSE);
    END IF;
    RETURN retval;
END;
$_$;
CREATE FUNCTION jit.mt_mark_event_progression(name character varying, last_encountered bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
INSERT INTO jit.mt_event_progression (name, last_seq_id, last_updated)
VALUES (name, last_encountered, transaction_timestamp())
ON CONFLICT ON CONSTRAINT pk_mt_event_progression
    DO
UPDATE SET last_seq_id = last_encountered, last_updated = transaction_timestamp();
END;
$$;
CREATE FUNCTION jit.mt_mark_progression_with_skip(shard_name character varying, ending_sequence bigint, starting_sequence bigint) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    current_value bigint;
BEGIN
    select last_seq_id into current_value from jit.mt_event_progression where name = shard_name;
    IF current_value is null then
        -- Bootstrap the high-water row on first invocation. Previously this branch
        -- returned 0, which left HighWaterAgent.CheckNowAsync polling forever because
        -- statistics.CurrentMark never advanced. Issue #4425.
        INSERT INTO jit.mt_event_progression (name, last_seq_id, last_updated)
        VALUES (shard_name, ending_sequence, transaction_timestamp())
        ON CONFLICT ON CONSTRAINT pk_mt_event_progression
            DO UPDATE SET last_seq_id = ending_sequence, last_updated = transaction_timestamp();
        IF ending_sequence > starting_sequence THEN
            -- Idempotent: a rebuild/replay re-marks the same skip (ending_sequence is the
            -- PK). Re-recording an existing gap is a no-op. Conflict target is the PK
            -- constraint (the bare column name collides with the function parameter). #4530.
            insert into jit.mt_high_water_skips (ending_sequence, starting_sequence) values (ending_sequence, starting_sequence)
                on conflict on constraint pkey_mt_high_water_skips_ending_sequence do nothing;
        END IF;
        return ending_sequence;
    ELSIF current_value = starting_sequence THEN
        update jit.mt_event_progression SET last_seq_id = ending_sequence, last_updated = transaction_timestamp() where shard_name = name;
        insert into jit.mt_high_water_skips (ending_sequence, starting_sequence) values (ending_sequence, starting_sequence)
            on conflict on constraint pkey_mt_high_water_skips_ending_sequence do nothing;
        return ending_sequence;
    ELSE
        return current_value;
    END IF;
END
$$;
CREATE FUNCTION jit.mt_quick_append_events(stream character varying, stream_type character varying, tenantid character varying, event_ids uuid[], event_types character varying[], dotnet_types character varying[], bodies jsonb[], bdatas bytea[], correlation_ids character varying[], headers jsonb[], user_names character varying[], timestamps timestamp with time zone[], expected_version bigint DEFAULT NULL::bigint) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
	event_version bigint;
	stream_is_archived boolean;
	event_type varchar;
	event_id uuid;
	body jsonb;
	index int;
	seq bigint;
    actual_tenant varchar;
    is_new_stream boolean := false;
	return_value bigint[];
BEGIN
    if expected_version IS NOT NULL then
        -- COALESCE turns the NULL we get for a brand-new stream into 0, so a
        -- FetchForWriting against a non-existent stream (which sets
        -- ExpectedVersionOnServer = 0) and a StartStream(id, version: 0) both
        -- land on the new-stream branch instead of mis-firing the guard.
        select version, is_archived into event_version, stream_is_archived from jit.mt_streams where id = stream;
        if COALESCE(event_version, 0) != expected_version then
            RAISE EXCEPTION 'Stream version mismatch on ''%'': expected %, actual %', stream, expected_version, COALESCE(event_version, 0) USING ERRCODE = 'MT003';
        end if;
    else
        select version, is_archived into event_version, stream_is_archived from jit.mt_streams where id = stream;
    end if;
	if event_version IS NULL then
		event_version = 0;
		is_new_stream := true;
		-- #5456 follow-up: insert the FINAL version straight away rather than 0 plus a
		-- trailing UPDATE of the row we just wrote in this same transaction. That UPDATE
		-- is a second heap tuple + WAL record per stream creation for no observable gain
		-- -- nothing outside this transaction can see the intermediate 0. The trailing
		-- UPDATE below is skipped for this branch via is_new_stream.
		insert into jit.mt_streams (id, type, version, timestamp, tenant_id) values (stream, stream_type, COALESCE(array_length(event_ids, 1), 0), now(), tenantid);
    else
        if stream_is_archived then
            RAISE EXCEPTION 'Attempted to append event to archived stream with Id ''%''.', stream USING ERRCODE = 'MT001';
        end if;
        if tenantid IS NOT NULL then
            select tenant_id into actual_tenant from jit.mt_streams where id = stream;
            if actual_tenant != tenantid then
                RAISE EXCEPTION 'The tenantid does not match the existing stream';
            end if;
        end if;
	end if;
	index := 1;
	-- #5062: array_length('{}', 1) is NULL in PostgreSQL, not 0, so a call with an
	-- empty event array used to return ARRAY[NULL] -- a bigint[] whose only element
	-- is NULL, which Npgsql cannot read into long[] ('Cannot read a non-nullable
	-- collection of elements because the returned array contains nulls'). COALESCE
	-- makes the empty case mean what it says: zero events appended, so the final
	-- version is the stream's current version.
	return_value := ARRAY[event_version + COALESCE(array_length(event_ids, 1), 0)];
	foreach event_id in ARRAY event_ids
	loop
        seq := nextval('jit.mt_events_sequence');
		return_value := array_append(return_value, seq);
	    event_version := event_version + 1;
		event_type = event_types[index];
		body = bodies[index];
		-- #4515 / #4578 / Phase 2: bdatas[index] carries the binary payload
		-- for events opted in to binary serialization (NULL otherwise).
		-- bodies[index] is the {} JSON placeholder for those events so the
		-- existing data jsonb NOT NULL constraint stays intact.
		insert into jit.mt_events
			(seq_id, id, stream_id, version, data, bdata, type, tenant_id, timestamp, mt_dotnet_type, is_archived, correlation_id, headers, user_name)
		values
			(seq, event_id, stream, event_version, body, bdatas[index], event_type, tenantid, timestamps[index], dotnet_types[index], FALSE, correlation_ids[index], headers[index], user_names[index]);
		index := index + 1;
	end loop;
	-- A brand-new stream already carries its final version from the insert above, so the
	-- UPDATE is only needed when we appended onto a stream that already existed.
	--
	-- #5539: and only when we actually appended something. With ZERO events this was a BLIND write-back
	-- of the version read at the top of the function, and under READ COMMITTED that is a lost update: the
	-- UPDATE waits on a concurrent appender's row lock, the winner commits, the WHERE clause is
	-- re-evaluated against the new row, and `set version = <the stale value>` lands -- leaving
	-- mt_streams.version BELOW the stream's own events. Every later append then computes a version that
	-- already exists and dies on pk_mt_events_stream_and_version, forever, until the row is repaired by
	-- hand. A non-empty call cannot do this: its first INSERT collides with the winner on that same
	-- primary key and rolls the whole thing back, which is why only the empty case was exposed.
	--
	-- Two independent guards, because either alone would have been enough and the cost of both is nil:
	--   * the append count -- appending nothing has nothing to write, so the correct number of statements
	--     is zero rather than one that happens to be harmless;
	--   * greatest(), so the write-back can never LOWER a stream's version whoever calls it. An append
	--     only ever moves a version forward, so this is a no-op on every correct path and a backstop on
	--     any future caller that reads the version and then writes it back.
	if not is_new_stream and COALESCE(array_length(event_ids, 1), 0) > 0 then
		update jit.mt_streams set version = greatest(version, event_version), timestamp = now() where id = stream;
	end if;
	return return_value;
END
$$;
CREATE FUNCTION jit.mt_safe_unaccent(use_unaccent boolean, word text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT
    AS $$
BEGIN
IF use_unaccent THEN
    RETURN public.unaccent(word);
ELSE
    RETURN word;
END IF;
END;
$$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE durable.activities (
    id bigint NOT NULL,
    instance_id text NOT NULL,
    execution integer NOT NULL,
    task_id integer NOT NULL,
    name text NOT NULL,
    input text,
    owner integer,
    trace text
);
ALTER TABLE durable.activities ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME durable.activities_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE durable.history (
    instance_id text NOT NULL,
    "position" integer NOT NULL,
    event json NOT NULL
);
CREATE TABLE durable.inbox (
    id bigint NOT NULL,
    instance_id text NOT NULL,
    execution integer,
    kind text NOT NULL,
    task_id integer,
    message json NOT NULL,
    due_at timestamp with time zone NOT NULL
);
ALTER TABLE durable.inbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME durable.inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE durable.instances (
    id text NOT NULL,
    name text NOT NULL,
    version text NOT NULL,
    execution integer NOT NULL,
    status text NOT NULL,
    input text,
    output text,
    custom_status text,
    failure text,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    owner integer
);
CREATE SEQUENCE durable.node_ids
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE durable.nodes (
    id integer NOT NULL,
    lease_until timestamp with time zone NOT NULL
);
CREATE TABLE durable.timers (
    name text NOT NULL,
    last_occurrence timestamp with time zone NOT NULL,
    owner integer
);
CREATE TABLE jit.mt_doc_auditentry (
    id uuid NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_version uuid DEFAULT (md5(((random())::text || (clock_timestamp())::text)))::uuid NOT NULL,
    mt_dotnet_type character varying,
    at timestamp with time zone,
    stream character varying,
    actor character varying
);
CREATE TABLE jit.mt_doc_deadletterevent (
    id uuid NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_version uuid DEFAULT (md5(((random())::text || (clock_timestamp())::text)))::uuid NOT NULL,
    mt_dotnet_type character varying
);
CREATE TABLE jit.mt_doc_openrequest (
    id character varying NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_dotnet_type character varying,
    mt_version bigint DEFAULT 0 NOT NULL
);
CREATE TABLE jit.mt_doc_owedreview (
    id character varying NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_dotnet_type character varying,
    mt_version bigint DEFAULT 0 NOT NULL,
    review_by timestamp with time zone
);
CREATE TABLE jit.mt_doc_pendingapproval (
    id character varying NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_dotnet_type character varying,
    mt_version bigint DEFAULT 0 NOT NULL
);
CREATE TABLE jit.mt_doc_reconcilerreport (
    id character varying NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_version uuid DEFAULT (md5(((random())::text || (clock_timestamp())::text)))::uuid NOT NULL,
    mt_dotnet_type character varying
);
CREATE TABLE jit.mt_doc_requestdetails (
    id character varying NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_dotnet_type character varying,
    mt_version bigint DEFAULT 0 NOT NULL,
    is_final boolean,
    requested_at timestamp with time zone
);
CREATE TABLE jit.mt_doc_reviewnotice (
    id character varying NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_dotnet_type character varying,
    mt_version bigint DEFAULT 0 NOT NULL,
    since timestamp with time zone
);
CREATE TABLE jit.mt_doc_tokenmembership (
    id character varying NOT NULL,
    data jsonb NOT NULL,
    mt_last_modified timestamp with time zone DEFAULT transaction_timestamp(),
    mt_version uuid DEFAULT (md5(((random())::text || (clock_timestamp())::text)))::uuid NOT NULL,
    mt_dotnet_type character varying
);
CREATE TABLE jit.mt_event_progression (
    name character varying NOT NULL,
    last_seq_id bigint,
    last_updated timestamp with time zone DEFAULT transaction_timestamp(),
    mode character varying DEFAULT 'none'::character varying,
    rebuild_threshold integer DEFAULT 0,
    assigned_node integer DEFAULT 0,
    heartbeat timestamp with time zone,
    agent_status character varying(20),
    pause_reason text,
    running_on_node integer,
    warning_behind_threshold bigint,
    critical_behind_threshold bigint,
    failure_category character varying(50),
    failure_event_sequence bigint,
    failure_event_type character varying(500),
    failure_event_tenant_id character varying(500)
);
CREATE TABLE jit.mt_event_projection_floors (
    name character varying NOT NULL,
    tenant_id character varying NOT NULL,
    floor bigint NOT NULL,
    last_updated timestamp with time zone DEFAULT transaction_timestamp()
);
CREATE TABLE jit.mt_events (
    seq_id bigint NOT NULL,
    id uuid NOT NULL,
    stream_id character varying,
    version bigint NOT NULL,
    data jsonb NOT NULL,
    bdata bytea,
    type character varying(500) NOT NULL,
    "timestamp" timestamp with time zone DEFAULT '2026-11-27 12:44:10.928091+00'::timestamp with time zone NOT NULL,
    tenant_id character varying DEFAULT '*DEFAULT*'::character varying,
    mt_dotnet_type character varying,
    correlation_id character varying,
    headers jsonb,
    user_name character varying,
    is_archived boolean DEFAULT false
);
CREATE SEQUENCE jit.mt_events_sequence
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE jit.mt_events_sequence OWNED BY jit.mt_events.seq_id;
CREATE TABLE jit.mt_high_water_skips (
    ending_sequence bigint NOT NULL,
    starting_sequence bigint NOT NULL,
    "timestamp" timestamp with time zone DEFAULT transaction_timestamp()
);
CREATE TABLE jit.mt_streams (
    id character varying NOT NULL,
    type character varying,
    version bigint,
    "timestamp" timestamp with time zone DEFAULT now() NOT NULL,
    created timestamp with time zone DEFAULT now() NOT NULL,
    tenant_id character varying DEFAULT '*DEFAULT*'::character varying,
    compacted_version bigint DEFAULT 0 NOT NULL,
    is_archived boolean DEFAULT false
);
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 1, '{"kind":"turn","At":"2026-11-27T12:44:54.3561764Z"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 2, '{"kind":"started","Trace":"00-85953eb1057cc26468ebaf4c05de49e8-a40a38d461993cd8-00"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 3, '{"kind":"call","Name":"ReadRequest","TaskId":1}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 4, '{"kind":"turn","At":"2026-11-27T12:44:56.4376158Z"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 5, '{"kind":"completed","TaskId":1,"Result":"{\u0022Status\u0022:0,\u0022Deadline\u0022:\u00222026-11-27T16:44:52.7270416\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 6, '{"kind":"timer","FireAt":"2026-11-27T16:44:52.7270416Z","TaskId":2}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 7, '{"kind":"turn","At":"2026-11-27T12:44:59.725511Z"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 8, '{"kind":"raised","Name":"nudge","Payload":null,"RaisedAt":"2026-11-27T12:44:59.5468829Z","Trace":"00-8e400b76b28c69380542b12ae0c6c6b9-2032b8c59c52b5ef-00"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 9, '{"kind":"cancel","TaskId":2}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 10, '{"kind":"call","Name":"ReadRequest","TaskId":3}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 11, '{"kind":"turn","At":"2026-11-27T12:44:59.8924173Z"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 12, '{"kind":"completed","TaskId":3,"Result":"{\u0022Status\u0022:1,\u0022Deadline\u0022:null,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 13, '{"kind":"call","Name":"ActivateGrant","TaskId":4}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 14, '{"kind":"turn","At":"2026-11-27T12:45:01.1632275Z"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 15, '{"kind":"completed","TaskId":4,"Result":"{\u0022Status\u0022:3,\u0022Deadline\u0022:\u00222026-11-27T13:45:00.6446262\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 16, '{"kind":"timer","FireAt":"2026-11-27T13:45:00.6446262Z","TaskId":5}');
INSERT INTO durable.history VALUES ('skms6kxfzreq', 1, '{"kind":"turn","At":"2026-11-27T12:45:01.3026215Z"}');
INSERT INTO durable.history VALUES ('skms6kxfzreq', 2, '{"kind":"started","Trace":"00-a5acdca459deeb89f2df0279c5117020-72f10ed9cc2eb351-00"}');
INSERT INTO durable.history VALUES ('skms6kxfzreq', 3, '{"kind":"call","Name":"ReadRequest","TaskId":1}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 1, '{"kind":"turn","At":"2026-11-27T12:45:01.3782653Z"}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 2, '{"kind":"started","Trace":"00-27d6adc01e7eb8c41b35b4e61d9b2b1c-d459f9067ac9298a-00"}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 3, '{"kind":"call","Name":"ReadRequest","TaskId":1}');
INSERT INTO durable.history VALUES ('skms6kxfzreq', 4, '{"kind":"turn","At":"2026-11-27T12:45:01.354127Z"}');
INSERT INTO durable.history VALUES ('skms6kxfzreq', 5, '{"kind":"completed","TaskId":1,"Result":"{\u0022Status\u0022:0,\u0022Deadline\u0022:\u00222026-11-27T16:45:01.2609053\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('skms6kxfzreq', 6, '{"kind":"timer","FireAt":"2026-11-27T16:45:01.2609053Z","TaskId":2}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 4, '{"kind":"turn","At":"2026-11-27T12:45:01.429536Z"}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 5, '{"kind":"raised","Name":"nudge","Payload":null,"RaisedAt":"2026-11-27T12:45:01.4109994Z","Trace":"00-d0f3fbea7c16b138e73a36724c4be416-6ee2c523a2a7d98e-00"}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 6, '{"kind":"turn","At":"2026-11-27T12:45:01.4724287Z"}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 7, '{"kind":"completed","TaskId":1,"Result":"{\u0022Status\u0022:1,\u0022Deadline\u0022:\u00222026-11-27T13:05:01\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 8, '{"kind":"timer","FireAt":"2026-11-27T13:05:01Z","TaskId":2}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 9, '{"kind":"cancel","TaskId":2}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 10, '{"kind":"call","Name":"ReadRequest","TaskId":3}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 11, '{"kind":"turn","At":"2026-11-27T12:45:01.6034873Z"}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 12, '{"kind":"completed","TaskId":3,"Result":"{\u0022Status\u0022:1,\u0022Deadline\u0022:\u00222026-11-27T13:05:01\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('rs5z44xcws1m', 13, '{"kind":"timer","FireAt":"2026-11-27T13:05:01Z","TaskId":4}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 1, '{"kind":"turn","At":"2026-11-27T12:45:02.0174223Z"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 2, '{"kind":"started","Trace":"00-cf424075456704da30967f44614ee79a-f76711ba2b0445ce-00"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 3, '{"kind":"call","Name":"ReadRequest","TaskId":1}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 4, '{"kind":"turn","At":"2026-11-27T12:45:02.0988108Z"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 5, '{"kind":"completed","TaskId":1,"Result":"{\u0022Status\u0022:0,\u0022Deadline\u0022:\u00222026-11-28T12:45:01.9185029\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 6, '{"kind":"timer","FireAt":"2026-11-28T12:45:01.9185029Z","TaskId":2}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 7, '{"kind":"turn","At":"2026-11-27T12:45:02.2175595Z"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 8, '{"kind":"raised","Name":"nudge","Payload":null,"RaisedAt":"2026-11-27T12:45:02.2038807Z","Trace":"00-ef6cf442cb78d1d63e0b07841ce123e5-fbf99b7b7e26a144-00"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 9, '{"kind":"cancel","TaskId":2}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 10, '{"kind":"call","Name":"ReadRequest","TaskId":3}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 11, '{"kind":"turn","At":"2026-11-27T12:45:02.2670182Z"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 12, '{"kind":"completed","TaskId":3,"Result":"{\u0022Status\u0022:1,\u0022Deadline\u0022:null,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 13, '{"kind":"call","Name":"ActivateGrant","TaskId":4}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 14, '{"kind":"turn","At":"2026-11-27T12:45:03.0138055Z"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 15, '{"kind":"completed","TaskId":4,"Result":"{\u0022Status\u0022:3,\u0022Deadline\u0022:\u00222026-11-27T13:45:02.4263595\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('fey5bss5773b', 16, '{"kind":"timer","FireAt":"2026-11-27T13:45:02.4263595Z","TaskId":5}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 1, '{"kind":"turn","At":"2026-11-27T12:45:03.1501903Z"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 2, '{"kind":"started","Trace":"00-a7a7c8743825d8ee8a720f78252f12f4-a7f8762f99b9dd99-00"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 3, '{"kind":"call","Name":"ReadRequest","TaskId":1}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 4, '{"kind":"turn","At":"2026-11-27T12:45:03.195863Z"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 5, '{"kind":"completed","TaskId":1,"Result":"{\u0022Status\u0022:0,\u0022Deadline\u0022:\u00222026-11-27T16:45:03.0909803\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 6, '{"kind":"timer","FireAt":"2026-11-27T16:45:03.0909803Z","TaskId":2}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 7, '{"kind":"turn","At":"2026-11-27T12:45:03.2227982Z"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 8, '{"kind":"raised","Name":"nudge","Payload":null,"RaisedAt":"2026-11-27T12:45:03.2145735Z","Trace":"00-72a6108ff58ae0a7def59d545cc6741d-29c474302ee4e770-00"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 9, '{"kind":"cancel","TaskId":2}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 10, '{"kind":"call","Name":"ReadRequest","TaskId":3}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 1, '{"kind":"turn","At":"2026-11-27T12:45:03.6613109Z"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 2, '{"kind":"started","Trace":"00-2594f68137f803401862bb33e55e3991-5780607549858412-00"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 3, '{"kind":"call","Name":"ReadRequest","TaskId":1}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 24, '{"kind":"turn","At":"2026-11-27T12:45:04.7300385Z"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 25, '{"kind":"completed","TaskId":7,"Result":"{\u0022Status\u0022:4,\u0022Deadline\u0022:null,\u0022FailedAttempts\u0022:1,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 26, '{"kind":"timer","FireAt":"2026-11-27T12:45:05.7300385Z","TaskId":8}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 11, '{"kind":"turn","At":"2026-11-27T12:45:03.2576432Z"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 12, '{"kind":"completed","TaskId":3,"Result":"{\u0022Status\u0022:1,\u0022Deadline\u0022:null,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 13, '{"kind":"call","Name":"ActivateGrant","TaskId":4}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 4, '{"kind":"turn","At":"2026-11-27T12:45:03.6860122Z"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 5, '{"kind":"completed","TaskId":1,"Result":"{\u0022Status\u0022:0,\u0022Deadline\u0022:\u00222026-11-27T16:45:03.625944\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 6, '{"kind":"timer","FireAt":"2026-11-27T16:45:03.625944Z","TaskId":2}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 14, '{"kind":"turn","At":"2026-11-27T12:45:03.9762421Z"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 15, '{"kind":"completed","TaskId":4,"Result":"{\u0022Status\u0022:3,\u0022Deadline\u0022:\u00222026-11-27T12:55:03.8024852\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 16, '{"kind":"timer","FireAt":"2026-11-27T12:55:03.8024852Z","TaskId":5}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 14, '{"kind":"turn","At":"2026-11-27T12:45:03.5035305Z"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 15, '{"kind":"completed","TaskId":4,"Result":"{\u0022Status\u0022:3,\u0022Deadline\u0022:\u00222026-11-27T13:45:03.3430783\u002B00:00\u0022,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('vbzw012x9hy3', 16, '{"kind":"timer","FireAt":"2026-11-27T13:45:03.3430783Z","TaskId":5}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 7, '{"kind":"turn","At":"2026-11-27T12:45:03.7047409Z"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 8, '{"kind":"raised","Name":"nudge","Payload":null,"RaisedAt":"2026-11-27T12:45:03.6966686Z","Trace":"00-979c114f74a57fee8ef236606557eccb-8374745d28e0798a-00"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 9, '{"kind":"cancel","TaskId":2}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 10, '{"kind":"call","Name":"ReadRequest","TaskId":3}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 11, '{"kind":"turn","At":"2026-11-27T12:45:03.7216063Z"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 12, '{"kind":"completed","TaskId":3,"Result":"{\u0022Status\u0022:1,\u0022Deadline\u0022:null,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('480cqbz6naf7', 13, '{"kind":"call","Name":"ActivateGrant","TaskId":4}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 21, '{"kind":"turn","At":"2026-11-27T12:45:04.5562621Z"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 22, '{"kind":"completed","TaskId":6,"Result":"{\u0022Status\u0022:4,\u0022Deadline\u0022:null,\u0022FailedAttempts\u0022:0,\u0022OwesNotice\u0022:false}"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 23, '{"kind":"call","Name":"RemoveGrant","TaskId":7}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 17, '{"kind":"turn","At":"2026-11-27T12:45:04.4106101Z"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 18, '{"kind":"raised","Name":"nudge","Payload":null,"RaisedAt":"2026-11-27T12:45:04.3964612Z","Trace":"00-35f9785223f51a1a171d129a9045d86f-a3c2362354c4113c-00"}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 19, '{"kind":"cancel","TaskId":5}');
INSERT INTO durable.history VALUES ('awkh27nq1rsd', 20, '{"kind":"call","Name":"RenewGrant","TaskId":6}');
INSERT INTO durable.inbox OVERRIDING SYSTEM VALUE VALUES (12, 'skms6kxfzreq', 1, 'fired', 2, '{"kind":"fired","TaskId":2,"DueAt":"2026-11-27T16:45:01.2609053Z"}', '2026-11-27 16:45:01.260906+00');
INSERT INTO durable.inbox OVERRIDING SYSTEM VALUE VALUES (16, 'rs5z44xcws1m', 1, 'fired', 4, '{"kind":"fired","TaskId":4,"DueAt":"2026-11-27T13:05:01Z"}', '2026-11-27 13:05:01+00');
INSERT INTO durable.inbox OVERRIDING SYSTEM VALUE VALUES (23, 'fey5bss5773b', 1, 'fired', 5, '{"kind":"fired","TaskId":5,"DueAt":"2026-11-27T13:45:02.4263595Z"}', '2026-11-27 13:45:02.42636+00');
INSERT INTO durable.inbox OVERRIDING SYSTEM VALUE VALUES (30, 'vbzw012x9hy3', 1, 'fired', 5, '{"kind":"fired","TaskId":5,"DueAt":"2026-11-27T13:45:03.3430783Z"}', '2026-11-27 13:45:03.343079+00');
INSERT INTO durable.inbox OVERRIDING SYSTEM VALUE VALUES (37, '480cqbz6naf7', 1, 'fired', 5, '{"kind":"fired","TaskId":5,"DueAt":"2026-11-27T12:55:03.8024852Z"}', '2026-11-27 12:55:03.802486+00');
INSERT INTO durable.inbox OVERRIDING SYSTEM VALUE VALUES (41, 'awkh27nq1rsd', 1, 'fired', 8, '{"kind":"fired","TaskId":8,"DueAt":"2026-11-27T12:45:05.7300385Z"}', '2026-11-27 12:45:05.730039+00');
INSERT INTO durable.instances VALUES ('skms6kxfzreq', 'AccessLifecycle', '1.0', 1, 'Running', NULL, NULL, NULL, NULL, '2026-11-27 12:45:01.278937+00', '2026-11-27 12:45:01.354462+00', NULL);
INSERT INTO durable.instances VALUES ('rs5z44xcws1m', 'AccessLifecycle', '1.0', 1, 'Running', NULL, NULL, NULL, NULL, '2026-11-27 12:45:01.365822+00', '2026-11-27 12:45:01.604998+00', NULL);
INSERT INTO durable.instances VALUES ('fey5bss5773b', 'AccessLifecycle', '1.0', 1, 'Running', NULL, NULL, NULL, NULL, '2026-11-27 12:45:01.991161+00', '2026-11-27 12:45:03.020756+00', NULL);
INSERT INTO durable.instances VALUES ('vbzw012x9hy3', 'AccessLifecycle', '1.0', 1, 'Running', NULL, NULL, NULL, NULL, '2026-11-27 12:45:03.138174+00', '2026-11-27 12:45:03.504011+00', NULL);
INSERT INTO durable.instances VALUES ('480cqbz6naf7', 'AccessLifecycle', '1.0', 1, 'Running', NULL, NULL, NULL, NULL, '2026-11-27 12:45:03.648345+00', '2026-11-27 12:45:03.976734+00', NULL);
INSERT INTO durable.instances VALUES ('awkh27nq1rsd', 'AccessLifecycle', '1.0', 1, 'Running', NULL, NULL, NULL, NULL, '2026-11-27 12:44:54.025089+00', '2026-11-27 12:45:04.731529+00', NULL);
INSERT INTO durable.nodes VALUES (1, '2026-11-27 12:45:15.094424+00');
INSERT INTO durable.timers VALUES ('ReconcileReviewNotices', '2026-11-27 12:45:05+00', NULL);
INSERT INTO durable.timers VALUES ('ReconcilePolicies', '2026-11-27 12:45:05+00', NULL);
INSERT INTO durable.timers VALUES ('ReconcileOwedReviews', '2026-11-27 12:45:05+00', NULL);
INSERT INTO durable.timers VALUES ('ReconcileRequests', '2026-11-27 12:45:05+00', NULL);
INSERT INTO durable.timers VALUES ('ReconcileClusters', '2026-11-27 12:45:05+00', NULL);
INSERT INTO jit.mt_doc_auditentry VALUES ('7cef3c7f-953e-45d4-81b3-eef465341e9d', '{"at": "2026-11-27T12:44:38.9236687+00:00", "id": "7cef3c7f-953e-45d4-81b3-eef465341e9d", "actor": "system:jit-access", "action": "installation_created", "stream": "installation", "channel": "reconciler", "cluster": "", "summary": "installation mhsk7ts2zh0n began with this event store"}', '2026-11-27 12:44:38.991165+00', '01a21d09-5007-4fed-b51c-604367096756', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:44:38.923668+00', 'installation', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('a0fd87d7-7c98-4684-b060-09d984560246', '{"at": "2026-11-27T12:44:36.9710791+00:00", "id": "a0fd87d7-7c98-4684-b060-09d984560246", "actor": "system:jit-access", "action": "policy_published", "stream": "policies", "channel": "policies", "cluster": "", "summary": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf from folder /policies by unknown: folder /policies names nobody: 7 line(s) changed"}', '2026-11-27 12:44:38.7019+00', '01a21d09-501c-4391-8fd7-468e472bb17d', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:44:36.971079+00', 'policies', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('4de060c4-e64d-4629-9a4d-935c48eecb3b', '{"at": "2026-11-27T12:44:52.7270416+00:00", "id": "4de060c4-e64d-4629-9a4d-935c48eecb3b", "actor": "alice@example.com", "action": "access_requested", "stream": "awkh27nq1rsd", "channel": "api", "cluster": "demo", "summary": "alice@example.com asks for Role/debugger in team-stuck of demo for 1h: restart the stuck consumer"}', '2026-11-27 12:44:52.860037+00', '01a21d09-88a7-4254-9398-4cf332c60671', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:44:52.727041+00', 'awkh27nq1rsd', 'alice@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('d0594e1f-d80d-4c2a-b65e-9b681150a882', '{"at": "2026-11-27T12:44:58.8529589+00:00", "id": "d0594e1f-d80d-4c2a-b65e-9b681150a882", "actor": "bob@example.com", "action": "request_reviewed", "stream": "awkh27nq1rsd", "channel": "api", "cluster": "demo", "summary": "bob@example.com: Approve"}', '2026-11-27 12:44:59.117552+00', '01a21d09-9efa-4670-972e-0e5020e88a49', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:44:58.852958+00', 'awkh27nq1rsd', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('17173588-44f1-4a81-a83f-1a861c5199e3', '{"at": "2026-11-27T12:44:58.8529589+00:00", "id": "17173588-44f1-4a81-a83f-1a861c5199e3", "actor": "bob@example.com", "action": "request_approved", "stream": "awkh27nq1rsd", "channel": "api", "cluster": "demo", "summary": "approved"}', '2026-11-27 12:44:59.117552+00', '01a21d09-9efa-4ddc-af99-45f5e6a20d05', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:44:58.852958+00', 'awkh27nq1rsd', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('3b96a0f7-4d0a-4a9e-8aee-252e49f09cdb', '{"at": "2026-11-27T12:45:00.4295467+00:00", "id": "3b96a0f7-4d0a-4a9e-8aee-252e49f09cdb", "actor": "system:jit-access", "action": "activation_started", "stream": "awkh27nq1rsd", "channel": "orchestration", "cluster": "demo", "summary": "activation started"}', '2026-11-27 12:45:00.449273+00', '01a21d09-a31a-4fd6-85f4-e0be4060fe72', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:00.429546+00', 'awkh27nq1rsd', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('9838daab-9999-4232-aeb5-0ef86384253b', '{"at": "2026-11-27T12:45:00.9554506+00:00", "id": "9838daab-9999-4232-aeb5-0ef86384253b", "actor": "system:jit-access", "action": "access_activated", "stream": "awkh27nq1rsd", "channel": "orchestration", "cluster": "demo", "summary": "active until 2026-11-27 13:45:00Z by 1 binding(s)"}', '2026-11-27 12:45:01.02611+00', '01a21d09-a53a-464e-9590-f51350207f6d', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:00.95545+00', 'awkh27nq1rsd', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('8e710956-4da2-46b1-b7f7-45be67c6f63b', '{"at": "2026-11-27T12:45:01.2609053+00:00", "id": "8e710956-4da2-46b1-b7f7-45be67c6f63b", "actor": "alice@example.com", "action": "access_requested", "stream": "skms6kxfzreq", "channel": "api", "cluster": "demo", "summary": "alice@example.com asks for Role/debugger in team-asked of demo for 10m: restart the stuck consumer"}', '2026-11-27 12:45:01.263454+00', '01a21d09-a5d6-41d5-ba46-c49055abdd78', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:01.260905+00', 'skms6kxfzreq', 'alice@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('aca9d66a-06e6-46ef-a5d9-8c623462e6be', '{"at": "2026-11-27T12:45:01.3484526+00:00", "id": "aca9d66a-06e6-46ef-a5d9-8c623462e6be", "actor": "alice@example.com", "action": "access_requested", "stream": "rs5z44xcws1m", "channel": "api", "cluster": "demo", "summary": "alice@example.com asks for Role/debugger in plan-later of demo for 10m: restart the stuck consumer"}', '2026-11-27 12:45:01.349495+00', '01a21d09-a630-43cf-b2dc-79fe9852ee46', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:01.348452+00', 'rs5z44xcws1m', 'alice@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('34609016-47b0-429e-af8b-9b98c657106a', '{"at": "2026-11-27T12:45:01.3921201+00:00", "id": "34609016-47b0-429e-af8b-9b98c657106a", "actor": "bob@example.com", "action": "request_reviewed", "stream": "rs5z44xcws1m", "channel": "api", "cluster": "demo", "summary": "bob@example.com: Approve"}', '2026-11-27 12:45:01.397339+00', '01a21d09-a65e-436a-b0b5-19e437d243cb', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:01.39212+00', 'rs5z44xcws1m', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('f5c1cf12-b08d-4b19-b12d-d3556e0e3769', '{"at": "2026-11-27T12:45:01.3921201+00:00", "id": "f5c1cf12-b08d-4b19-b12d-d3556e0e3769", "actor": "bob@example.com", "action": "request_approved", "stream": "rs5z44xcws1m", "channel": "api", "cluster": "demo", "summary": "approved"}', '2026-11-27 12:45:01.397339+00', '01a21d09-a65e-421a-bf39-54a60ac2a8be', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:01.39212+00', 'rs5z44xcws1m', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('4eeb076e-8fdf-422e-9780-bce36b400694', '{"at": "2026-11-27T12:45:01.9185029+00:00", "id": "4eeb076e-8fdf-422e-9780-bce36b400694", "actor": "alice@example.com", "action": "access_requested", "stream": "fey5bss5773b", "channel": "api", "cluster": "demo", "summary": "alice@example.com asks for ClusterRole/view in lent-live of demo for 1h: restart the stuck consumer"}', '2026-11-27 12:45:01.972189+00', '01a21d09-a89e-4bca-8103-bf620e37b1d9', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:01.918502+00', 'fey5bss5773b', 'alice@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('368d6480-be6f-479f-8bc0-272203294deb', '{"at": "2026-11-27T12:45:02.1225535+00:00", "id": "368d6480-be6f-479f-8bc0-272203294deb", "actor": "bob@example.com", "action": "request_reviewed", "stream": "fey5bss5773b", "channel": "api", "cluster": "demo", "summary": "bob@example.com: Approve"}', '2026-11-27 12:45:02.144946+00', '01a21d09-a961-4202-8704-f5643264482e', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:02.122553+00', 'fey5bss5773b', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('6e155357-2d23-48bd-a3db-e153eb401193', '{"at": "2026-11-27T12:45:02.1225535+00:00", "id": "6e155357-2d23-48bd-a3db-e153eb401193", "actor": "bob@example.com", "action": "request_approved", "stream": "fey5bss5773b", "channel": "api", "cluster": "demo", "summary": "approved"}', '2026-11-27 12:45:02.144946+00', '01a21d09-a961-4eff-b230-74f09404b43e', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:02.122553+00', 'fey5bss5773b', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('f9846745-b591-4324-8d2f-fd8f60298e26', '{"at": "2026-11-27T12:45:02.3440254+00:00", "id": "f9846745-b591-4324-8d2f-fd8f60298e26", "actor": "system:jit-access", "action": "activation_started", "stream": "fey5bss5773b", "channel": "orchestration", "cluster": "demo", "summary": "activation started for system:serviceaccount:jit-access:jit-fey5bss5773b"}', '2026-11-27 12:45:02.350748+00', '01a21d09-aa1c-4306-9560-800ebc6156aa', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:02.344025+00', 'fey5bss5773b', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('f41eb66b-0656-44f9-a1e4-37ac2e6902e1', '{"at": "2026-11-27T12:45:02.7419208+00:00", "id": "f41eb66b-0656-44f9-a1e4-37ac2e6902e1", "actor": "system:jit-access", "action": "access_activated", "stream": "fey5bss5773b", "channel": "orchestration", "cluster": "demo", "summary": "active until 2026-11-27 13:45:02Z by 1 binding(s)"}', '2026-11-27 12:45:02.759707+00', '01a21d09-abc1-4b0d-b137-8c938308cae4', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:02.74192+00', 'fey5bss5773b', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('ebf58b42-87bc-49fb-b34b-808f1520c096', '{"at": "2026-11-27T12:45:03.0909803+00:00", "id": "ebf58b42-87bc-49fb-b34b-808f1520c096", "actor": "alice@example.com", "action": "access_requested", "stream": "vbzw012x9hy3", "channel": "api", "cluster": "demo", "summary": "alice@example.com asks for Role/debugger in team-live of demo for 1h: restart the stuck consumer"}', '2026-11-27 12:45:03.092362+00', '01a21d09-ad16-474f-bcc3-53f9306f3b1c', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.09098+00', 'vbzw012x9hy3', 'alice@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('8d5d4f68-a423-49f9-ac4f-3e618b47be3d', '{"at": "2026-11-27T12:45:03.1878026+00:00", "id": "8d5d4f68-a423-49f9-ac4f-3e618b47be3d", "actor": "bob@example.com", "action": "request_reviewed", "stream": "vbzw012x9hy3", "channel": "api", "cluster": "demo", "summary": "bob@example.com: Approve"}', '2026-11-27 12:45:03.191816+00', '01a21d09-ad69-4150-adbe-4994e788c003', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.187802+00', 'vbzw012x9hy3', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('16c87871-68ef-44c6-9898-56464475c616', '{"at": "2026-11-27T12:45:03.1878026+00:00", "id": "16c87871-68ef-44c6-9898-56464475c616", "actor": "bob@example.com", "action": "request_approved", "stream": "vbzw012x9hy3", "channel": "api", "cluster": "demo", "summary": "approved"}', '2026-11-27 12:45:03.191816+00', '01a21d09-ad69-4097-babe-13b003885c5d', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.187802+00', 'vbzw012x9hy3', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('767e85eb-da41-4e5c-9d9d-8ac9a37063ae', '{"at": "2026-11-27T12:45:03.625944+00:00", "id": "767e85eb-da41-4e5c-9d9d-8ac9a37063ae", "actor": "alice@example.com", "action": "access_requested", "stream": "480cqbz6naf7", "channel": "api", "cluster": "demo", "summary": "alice@example.com asks for Role/debugger in team-over of demo for 10m: restart the stuck consumer"}', '2026-11-27 12:45:03.628464+00', '01a21d09-af0f-48a8-8316-6c417c161fec', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.625944+00', '480cqbz6naf7', 'alice@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('199e9f5d-f012-4e08-963d-18fda05ffb13', '{"at": "2026-11-27T12:45:03.6799113+00:00", "id": "199e9f5d-f012-4e08-963d-18fda05ffb13", "actor": "bob@example.com", "action": "request_reviewed", "stream": "480cqbz6naf7", "channel": "api", "cluster": "demo", "summary": "bob@example.com: Approve"}', '2026-11-27 12:45:03.681649+00', '01a21d09-af48-4c4c-b4e6-7c67262bac9b', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.679911+00', '480cqbz6naf7', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('8a2aeae9-c268-4da1-94f3-222ca8d27a42', '{"at": "2026-11-27T12:45:03.6799113+00:00", "id": "8a2aeae9-c268-4da1-94f3-222ca8d27a42", "actor": "bob@example.com", "action": "request_approved", "stream": "480cqbz6naf7", "channel": "api", "cluster": "demo", "summary": "approved"}', '2026-11-27 12:45:03.681649+00', '01a21d09-af49-4c39-9c5b-c262b4e9492d', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.679911+00', '480cqbz6naf7', 'bob@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('968228f8-cd6e-43b2-b687-41905107fc79', '{"at": "2026-11-27T12:45:04.2879705+00:00", "id": "968228f8-cd6e-43b2-b687-41905107fc79", "actor": "alice@example.com", "action": "ending_started", "stream": "awkh27nq1rsd", "channel": "api", "cluster": "demo", "summary": "Relinquished by alice@example.com"}', '2026-11-27 12:45:04.31624+00', '01a21d09-b1f9-4c4e-b825-9e54816b88e4', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:04.28797+00', 'awkh27nq1rsd', 'alice@example.com');
INSERT INTO jit.mt_doc_auditentry VALUES ('02e9ec64-8036-475e-b463-f6515b5ac480', '{"at": "2026-11-27T12:45:03.3032856+00:00", "id": "02e9ec64-8036-475e-b463-f6515b5ac480", "actor": "system:jit-access", "action": "activation_started", "stream": "vbzw012x9hy3", "channel": "orchestration", "cluster": "demo", "summary": "activation started"}', '2026-11-27 12:45:03.310168+00', '01a21d09-ade4-4dac-b58f-a066dc10261d', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.303285+00', 'vbzw012x9hy3', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('78b1cbe9-ec8a-4a90-8689-4bdaa27c59cd', '{"at": "2026-11-27T12:45:03.3634344+00:00", "id": "78b1cbe9-ec8a-4a90-8689-4bdaa27c59cd", "actor": "system:jit-access", "action": "access_activated", "stream": "vbzw012x9hy3", "channel": "orchestration", "cluster": "demo", "summary": "active until 2026-11-27 13:45:03Z by 1 binding(s)"}', '2026-11-27 12:45:03.36896+00', '01a21d09-ae71-4d53-bc42-38cb1ccf2644', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.363434+00', 'vbzw012x9hy3', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('7c6f8cfe-c800-460e-becf-38d7c77d6bdc', '{"at": "2026-11-27T12:45:03.7440128+00:00", "id": "7c6f8cfe-c800-460e-becf-38d7c77d6bdc", "actor": "system:jit-access", "action": "activation_started", "stream": "480cqbz6naf7", "channel": "orchestration", "cluster": "demo", "summary": "activation started"}', '2026-11-27 12:45:03.746914+00', '01a21d09-af92-485b-a1d9-773bfa851eda', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.744012+00', '480cqbz6naf7', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('8b03258e-63d0-41ce-8147-9cc566232879', '{"at": "2026-11-27T12:45:03.8385698+00:00", "id": "8b03258e-63d0-41ce-8147-9cc566232879", "actor": "system:jit-access", "action": "access_activated", "stream": "480cqbz6naf7", "channel": "orchestration", "cluster": "demo", "summary": "active until 2026-11-27 12:55:03Z by 1 binding(s)"}', '2026-11-27 12:45:03.846834+00', '01a21d09-b03c-4722-b87e-fbdbf78b640c', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:03.838569+00', '480cqbz6naf7', 'system:jit-access');
INSERT INTO jit.mt_doc_auditentry VALUES ('fcc9154e-4e9d-4f44-b487-9686ad041fb9', '{"at": "2026-11-27T12:45:04.6557586+00:00", "id": "fcc9154e-4e9d-4f44-b487-9686ad041fb9", "actor": "system:jit-access", "action": "revocation_delayed", "stream": "awkh27nq1rsd", "channel": "orchestration", "cluster": "demo", "summary": "Warning: revocation failed, try 1: demo cannot be reached: Connection refused (127.0.0.1:21761)"}', '2026-11-27 12:45:04.663198+00', '01a21d09-b33d-412b-bed2-32f759d84b57', 'JitFunctions.Projections.AuditEntry', '2026-11-27 12:45:04.655758+00', 'awkh27nq1rsd', 'system:jit-access');
INSERT INTO jit.mt_doc_openrequest VALUES ('skms6kxfzreq', '{"id": "skms6kxfzreq", "subject": "http://127.0.0.1:22857#subject-of-alice", "accounts": ["alice@example.com"]}', '2026-11-27 12:45:01.263454+00', 'JitFunctions.Projections.OpenRequest', 1);
INSERT INTO jit.mt_doc_openrequest VALUES ('rs5z44xcws1m', '{"id": "rs5z44xcws1m", "subject": "http://127.0.0.1:22857#subject-of-alice", "accounts": ["alice@example.com"]}', '2026-11-27 12:45:01.397339+00', 'JitFunctions.Projections.OpenRequest', 3);
INSERT INTO jit.mt_doc_openrequest VALUES ('fey5bss5773b', '{"id": "fey5bss5773b", "subject": "http://127.0.0.1:22857#subject-of-alice", "accounts": ["alice@example.com"]}', '2026-11-27 12:45:02.759707+00', 'JitFunctions.Projections.OpenRequest', 5);
INSERT INTO jit.mt_doc_openrequest VALUES ('vbzw012x9hy3', '{"id": "vbzw012x9hy3", "subject": "http://127.0.0.1:22857#subject-of-alice", "accounts": ["alice@example.com"]}', '2026-11-27 12:45:03.36896+00', 'JitFunctions.Projections.OpenRequest', 5);
INSERT INTO jit.mt_doc_openrequest VALUES ('480cqbz6naf7', '{"id": "480cqbz6naf7", "subject": "http://127.0.0.1:22857#subject-of-alice", "accounts": ["alice@example.com"]}', '2026-11-27 12:45:03.846834+00', 'JitFunctions.Projections.OpenRequest', 5);
INSERT INTO jit.mt_doc_openrequest VALUES ('awkh27nq1rsd', '{"id": "awkh27nq1rsd", "subject": "http://127.0.0.1:22857#subject-of-alice", "accounts": ["alice@example.com"]}', '2026-11-27 12:45:04.663198+00', 'JitFunctions.Projections.OpenRequest', 7);
INSERT INTO jit.mt_doc_pendingapproval VALUES ('awkh27nq1rsd', '{"id": "awkh27nq1rsd", "isOpen": false, "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "owesReview": false, "requestedAt": "2026-11-27T12:44:52.7270416+00:00", "otherAccounts": [], "approverGroups": ["payments-leads"]}', '2026-11-27 12:45:04.663198+00', 'JitFunctions.Projections.PendingApproval', 7);
INSERT INTO jit.mt_doc_pendingapproval VALUES ('skms6kxfzreq', '{"id": "skms6kxfzreq", "isOpen": true, "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "owesReview": false, "requestedAt": "2026-11-27T12:45:01.2609053+00:00", "otherAccounts": [], "approverGroups": ["payments-leads"]}', '2026-11-27 12:45:01.263454+00', 'JitFunctions.Projections.PendingApproval', 1);
INSERT INTO jit.mt_doc_pendingapproval VALUES ('rs5z44xcws1m', '{"id": "rs5z44xcws1m", "isOpen": false, "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "owesReview": false, "requestedAt": "2026-11-27T12:45:01.3484526+00:00", "otherAccounts": [], "approverGroups": ["payments-leads"]}', '2026-11-27 12:45:01.397339+00', 'JitFunctions.Projections.PendingApproval', 3);
INSERT INTO jit.mt_doc_pendingapproval VALUES ('fey5bss5773b', '{"id": "fey5bss5773b", "isOpen": false, "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "owesReview": false, "requestedAt": "2026-11-27T12:45:01.9185029+00:00", "otherAccounts": [], "approverGroups": ["payments-leads"]}', '2026-11-27 12:45:02.759707+00', 'JitFunctions.Projections.PendingApproval', 5);
INSERT INTO jit.mt_doc_pendingapproval VALUES ('vbzw012x9hy3', '{"id": "vbzw012x9hy3", "isOpen": false, "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "owesReview": false, "requestedAt": "2026-11-27T12:45:03.0909803+00:00", "otherAccounts": [], "approverGroups": ["payments-leads"]}', '2026-11-27 12:45:03.36896+00', 'JitFunctions.Projections.PendingApproval', 5);
INSERT INTO jit.mt_doc_pendingapproval VALUES ('480cqbz6naf7', '{"id": "480cqbz6naf7", "isOpen": false, "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "owesReview": false, "requestedAt": "2026-11-27T12:45:03.625944+00:00", "otherAccounts": [], "approverGroups": ["payments-leads"]}', '2026-11-27 12:45:03.846834+00', 'JitFunctions.Projections.PendingApproval', 5);
INSERT INTO jit.mt_doc_reconcilerreport VALUES ('ReconcileRequests', '{"id": "ReconcileRequests", "findings": [], "startedAt": "2026-11-27T12:45:05.0854058+00:00", "finishedAt": "2026-11-27T12:45:05.2583827+00:00"}', '2026-11-27 12:45:05.265026+00', '01a21d09-b572-429e-90ec-996356d3e499', 'JitFunctions.Projections.ReconcilerReport');
INSERT INTO jit.mt_doc_reconcilerreport VALUES ('ReconcileClusters', '{"id": "ReconcileClusters", "findings": [{"kind": "cluster-away", "since": "2026-11-27T12:45:05.040977+00:00", "detail": "demo cannot be reached: Connection refused (127.0.0.1:21761)", "subject": "demo"}], "startedAt": "2026-11-27T12:45:05.040977+00:00", "finishedAt": "2026-11-27T12:45:05.3440193+00:00"}', '2026-11-27 12:45:05.349461+00', '01a21d09-b5c8-4a36-972e-cae17dbf8b86', 'JitFunctions.Projections.ReconcilerReport');
INSERT INTO jit.mt_doc_requestdetails VALUES ('skms6kxfzreq', '{"id": "skms6kxfzreq", "lost": [], "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["team-asked"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "00:10:00", "breakGlass": false}, "policy": {"name": "reviewed", "source": "access.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "04:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["team-asked"], "clusterWide": false}], "status": "pending", "dangers": [], "isFinal": false, "reviews": [], "version": 1, "bindings": [], "decideBy": "2026-11-27T16:45:01.2609053+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:9dbe09020737a5a1e562eb0d130527b22977482d29105726d7a4d7558725d3cf", "requestedAt": "2026-11-27T12:45:01.2609053+00:00"}', '2026-11-27 12:45:01.263454+00', 'JitFunctions.Projections.RequestDetails', 1, false, '2026-11-27 12:45:01.260905+00');
INSERT INTO jit.mt_doc_requestdetails VALUES ('rs5z44xcws1m', '{"id": "rs5z44xcws1m", "lost": [], "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["plan-later"], "clusterWide": false}, "start": "2026-11-27T13:05:01+00:00", "reason": "restart the stuck consumer", "duration": "00:10:00", "breakGlass": false}, "policy": {"name": "planned", "source": "times.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "1.00:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["plan-later"], "clusterWide": false}], "status": "approved", "dangers": [], "isFinal": false, "reviews": [{"at": "2026-11-27T12:45:01.3921201+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "isVoid": false, "verdict": "approve", "scopeHash": "sha256:d583ed7010321bfff052cb6e9415218346f019faf9c0f3c618b6434bdc04ff98"}], "version": 3, "bindings": [], "decideBy": "2026-11-28T12:45:01.3484526+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:d583ed7010321bfff052cb6e9415218346f019faf9c0f3c618b6434bdc04ff98", "activateBy": "2026-11-27T14:05:01+00:00", "approvedAt": "2026-11-27T12:45:01.3921201+00:00", "requestedAt": "2026-11-27T12:45:01.3484526+00:00", "removalDueAt": "2026-11-27T14:05:01+00:00"}', '2026-11-27 12:45:01.397339+00', 'JitFunctions.Projections.RequestDetails', 3, false, '2026-11-27 12:45:01.348452+00');
INSERT INTO jit.mt_doc_requestdetails VALUES ('awkh27nq1rsd', '{"id": "awkh27nq1rsd", "lost": [], "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["team-stuck"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "01:00:00", "breakGlass": false}, "ending": {"at": "2026-11-27T12:45:04.2879705+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "cause": "relinquished"}, "policy": {"name": "reviewed", "source": "access.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "04:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["team-stuck"], "clusterWide": false}], "status": "ending", "dangers": [], "isFinal": false, "reviews": [{"at": "2026-11-27T12:44:58.8529589+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "isVoid": false, "verdict": "approve", "scopeHash": "sha256:ccdafbbfbae50656a80dc340948c642e63bab98eab2e3d5d969d55b298ab331a"}], "trouble": {"what": "revocation-delayed", "alarm": "warning", "since": "2026-11-27T12:45:04.6557586+00:00", "detail": "demo cannot be reached: Connection refused (127.0.0.1:21761)", "latest": "2026-11-27T12:45:04.6557586+00:00", "attempts": 1}, "version": 7, "bindings": [{"uid": "bfee466b-8650-4e35-b9cb-03e3592f55f2", "name": "jit-awkh27nq1rsd", "namespace": "team-stuck"}], "decideBy": "2026-11-27T16:44:52.7270416+00:00", "expiresAt": "2026-11-27T13:45:00.6446262+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:ccdafbbfbae50656a80dc340948c642e63bab98eab2e3d5d969d55b298ab331a", "activateBy": "2026-11-27T13:44:58.8529589+00:00", "approvedAt": "2026-11-27T12:44:58.8529589+00:00", "activatedAt": "2026-11-27T12:45:00.9554506+00:00", "requestedAt": "2026-11-27T12:44:52.7270416+00:00", "removalDueAt": "2026-11-27T12:45:04.6557586+00:00"}', '2026-11-27 12:45:04.663198+00', 'JitFunctions.Projections.RequestDetails', 7, false, '2026-11-27 12:44:52.727041+00');
INSERT INTO jit.mt_doc_requestdetails VALUES ('fey5bss5773b', '{"id": "fey5bss5773b", "lost": [], "terms": {"scope": {"role": {"kind": "ClusterRole", "name": "view"}, "cluster": "demo", "namespaces": ["lent-live"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "01:00:00", "breakGlass": false}, "policy": {"name": "lent", "source": "ephemeral.yaml:3", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "extension": {"total": "02:00:00", "reviewed": false, "maxDuration": "00:30:00"}, "enforcement": "ephemeral", "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "1.00:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "replicationcontrollers", "replicationcontrollers/scale", "serviceaccounts", "services", "services/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["bindings", "events", "limitranges", "namespaces/status", "pods/log", "pods/status", "replicationcontrollers/status", "resourcequotas", "resourcequotas/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["namespaces"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["apps"], "resources": ["controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "replicasets", "replicasets/scale", "replicasets/status", "statefulsets", "statefulsets/scale", "statefulsets/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers", "horizontalpodautoscalers/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["batch"], "resources": ["cronjobs", "cronjobs/status", "jobs", "jobs/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["extensions"], "resources": ["daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "ingresses", "ingresses/status", "networkpolicies", "replicasets", "replicasets/scale", "replicasets/status", "replicationcontrollers/scale"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["policy"], "resources": ["poddisruptionbudgets", "poddisruptionbudgets/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["networking.k8s.io"], "resources": ["ingresses", "ingresses/status", "networkpolicies"]}], "namespaces": ["lent-live"], "clusterWide": false}], "status": "active", "dangers": [], "isFinal": false, "reviews": [{"at": "2026-11-27T12:45:02.1225535+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "isVoid": false, "verdict": "approve", "scopeHash": "sha256:a50a23b70819932f9500e0805134931a2ea6a63b8b39481e9f195b8443364143"}], "version": 5, "bindings": [{"uid": "7db42d3e-eac0-476f-b836-4c4d2e998d3b", "name": "jit-fey5bss5773b", "namespace": "lent-live"}], "decideBy": "2026-11-28T12:45:01.9185029+00:00", "expiresAt": "2026-11-27T13:45:02.4263595+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:a50a23b70819932f9500e0805134931a2ea6a63b8b39481e9f195b8443364143", "activateBy": "2026-11-27T13:45:02.1225535+00:00", "approvedAt": "2026-11-27T12:45:02.1225535+00:00", "activatedAt": "2026-11-27T12:45:02.7419208+00:00", "requestedAt": "2026-11-27T12:45:01.9185029+00:00", "removalDueAt": "2026-11-27T13:45:02.4263595+00:00", "serviceAccount": {"name": "jit-fey5bss5773b", "namespace": "jit-access"}}', '2026-11-27 12:45:02.759707+00', 'JitFunctions.Projections.RequestDetails', 5, false, '2026-11-27 12:45:01.918502+00');
INSERT INTO jit.mt_doc_requestdetails VALUES ('480cqbz6naf7', '{"id": "480cqbz6naf7", "lost": [], "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["team-over"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "00:10:00", "breakGlass": false}, "policy": {"name": "reviewed", "source": "access.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "04:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["team-over"], "clusterWide": false}], "status": "active", "dangers": [], "isFinal": false, "reviews": [{"at": "2026-11-27T12:45:03.6799113+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "isVoid": false, "verdict": "approve", "scopeHash": "sha256:7493046e1175be5b34cbacfd818f559cca3796912215bd2d43a9a6a660cadd64"}], "version": 5, "bindings": [{"uid": "b40d83ee-a484-488c-a75a-8e215c183339", "name": "jit-480cqbz6naf7", "namespace": "team-over"}], "decideBy": "2026-11-27T16:45:03.625944+00:00", "expiresAt": "2026-11-27T12:55:03.8024852+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:7493046e1175be5b34cbacfd818f559cca3796912215bd2d43a9a6a660cadd64", "activateBy": "2026-11-27T13:45:03.6799113+00:00", "approvedAt": "2026-11-27T12:45:03.6799113+00:00", "activatedAt": "2026-11-27T12:45:03.8385698+00:00", "requestedAt": "2026-11-27T12:45:03.625944+00:00", "removalDueAt": "2026-11-27T12:55:03.8024852+00:00"}', '2026-11-27 12:45:03.846834+00', 'JitFunctions.Projections.RequestDetails', 5, false, '2026-11-27 12:45:03.625944+00');
INSERT INTO jit.mt_doc_requestdetails VALUES ('vbzw012x9hy3', '{"id": "vbzw012x9hy3", "lost": [], "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["team-live"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "01:00:00", "breakGlass": false}, "policy": {"name": "reviewed", "source": "access.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "04:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["team-live"], "clusterWide": false}], "status": "active", "dangers": [], "isFinal": false, "reviews": [{"at": "2026-11-27T12:45:03.1878026+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "isVoid": false, "verdict": "approve", "scopeHash": "sha256:3e822c58c7aa393a9f63a52d430a94e25cdcc437e3470deb8ff0913b4407170f"}], "version": 5, "bindings": [{"uid": "4619d48d-3dc2-43e5-87d4-ec1382f7d272", "name": "jit-vbzw012x9hy3", "namespace": "team-live"}], "decideBy": "2026-11-27T16:45:03.0909803+00:00", "expiresAt": "2026-11-27T13:45:03.3430783+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:3e822c58c7aa393a9f63a52d430a94e25cdcc437e3470deb8ff0913b4407170f", "activateBy": "2026-11-27T13:45:03.1878026+00:00", "approvedAt": "2026-11-27T12:45:03.1878026+00:00", "activatedAt": "2026-11-27T12:45:03.3634344+00:00", "requestedAt": "2026-11-27T12:45:03.0909803+00:00", "removalDueAt": "2026-11-27T13:45:03.3430783+00:00"}', '2026-11-27 12:45:03.36896+00', 'JitFunctions.Projections.RequestDetails', 5, false, '2026-11-27 12:45:03.09098+00');
INSERT INTO jit.mt_events VALUES (1, '7cef3c7f-953e-45d4-81b3-eef465341e9d', 'installation', 1, '{"at": "2026-11-27T12:44:38.9236687+00:00", "id": "mhsk7ts2zh0n"}', NULL, 'installation_created', '2026-11-27 12:44:38.987346+00', '*DEFAULT*', 'JitFunctions.Domain.Grants.InstallationEvent+Created, JitFunctions.Domain', 'deee8747cae8ec8e53ec9f4e310d3ae1', '{"channel": "reconciler", "cluster": "", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (2, 'a0fd87d7-7c98-4684-b060-09d984560246', 'policies', 1, '{"at": "2026-11-27T12:44:36.9710791+00:00", "files": [{"name": "access.yaml", "content": "# The policies of the end-to-end tests. Each test makes namespaces of its own, whose prefix picks the policy.\nadministrators: [platform-admins]\nauditors: [auditors]\n\npolicies:\n  - name: reviewed\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"team-*\"]\n    # Nobody made the role `missing`, and the controller may not bind `admin`.\n    roles: [ClusterRole/view, ClusterRole/edit, Role/debugger, ClusterRole/missing, ClusterRole/admin]\n    maxDuration: 1h\n    pendingWindow: 4h\n    approval:\n      groups: [payments-leads]\n\n  - name: four-eyes\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"vault-*\"]\n    roles: [ClusterRole/edit]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n      required: 2\n\n  - name: impatient\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"brief-*\"]\n    roles: [ClusterRole/view]\n    maxDuration: 1h\n    pendingWindow: 3s\n    approval:\n      groups: [payments-leads]\n\n  - name: automatic\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"open-*\"]\n    roles: [ClusterRole/view]\n    maxDuration: 15m\n    approval:\n      automatic: true\n\n  - name: everywhere\n    groups: [payments-devs]\n    clusters: [demo]\n    clusterWide: true\n    roles: [ClusterRole/view]\n    maxDuration: 15m\n    approval:\n      groups: [payments-leads]\n"}, {"name": "approvals.yaml", "content": "# Who approves, how often, and what approvers may take away.\npeople:\n  - [pat@example.com, pat.ops@example.com]\n  - [quinn@example.com, quinn.ops@example.com]\n  - [rita@example.com, rita.ops@example.com]\n  - [nina@example.com, nina.ops@example.com]\n  - [olga@example.com, olga.adm@example.com]\n  - [otto@example.com, otto.adm@example.com]\n\npolicies:\n  - name: leads-and-security\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"dual-*\"]\n    roles: [ClusterRole/edit]\n    maxDuration: 1h\n    approval:\n      requirements:\n        - groups: [payments-leads]\n        - groups: [security]\n\n  - name: narrowing\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"narrow-*\"]\n    roles: [ClusterRole/edit]\n    rules:\n      - resources: [pods, configmaps]\n        verbs: [get, list, delete]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n      required: 2\n"}, {"name": "ephemeral.yaml", "content": "# Grants with a service account of their own.\npolicies:\n  - name: lent\n    groups: [payments-devs]\n    clusters: [demo]\n    # Nobody gets rights in `jit-access`, whatever a policy says.\n    namespaces: [\"lent-*\", jit-access]\n    roles: [ClusterRole/view, ClusterRole/edit]\n    maxDuration: 1h\n    enforcement: ephemeral\n    extension:\n      maxDuration: 30m\n      total: 2h\n      review: false\n    approval:\n      groups: [payments-leads]\n"}, {"name": "hours.yaml", "content": "policies:\n  - name: open-hours\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"day-*\"]\n    roles: [ClusterRole/view]\n    maxDuration: 1h\n    scheduledStart: 24h\n    hours:\n      timeZone: Asia/Kolkata\n      windows:\n        - { days: [mon, tue, wed, thu, fri, sat, sun], from: \"17:12\", to: \"18:57\" }\n    approval:\n      groups: [payments-leads]\n    extension:\n      maxDuration: 1h\n      total: 2h\n      review: false\n  - name: closed-hours\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"night-*\"]\n    roles: [ClusterRole/view]\n    maxDuration: 1h\n    scheduledStart: 24h\n    hours:\n      timeZone: Asia/Kolkata\n      windows:\n        - { days: [mon, tue, wed, thu, fri, sat, sun], from: \"12:12\", to: \"13:12\" }\n    approval:\n      groups: [payments-leads]\n    extension:\n      maxDuration: 1h\n      total: 2h\n      review: false"}, {"name": "places.yaml", "content": "# Where: by label, and where nobody gets in.\npeople:\n  - [uma@example.com, uma.ops@example.com]\n\ndenials:\n  - name: closed-for-the-migration\n    namespaces: [\"closed-*\"]\n    roles: [ClusterRole/admin]\n    because: Nobody changes this before the migration is over.\n  - name: no-secrets-here\n    namespaces: [\"sealed-*\"]\n    dangerousRights: [read-secrets]\n    because: Secrets are read by machines only.\n  - name: uma-hands-over\n    users: [uma.ops@example.com]\n    because: Handed over to her successor.\n\npolicies:\n  - name: by-label\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaceLabels:\n      tests.example.com/access: open\n      tests.example.com/tier: \"2\"\n    roles: [ClusterRole/view]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n\n  - name: by-label-and-name\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"label-*\"]\n    namespaceLabels:\n      tests.example.com/access: half\n    roles: [ClusterRole/view]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n\n  - name: closed-anyhow\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"closed-*\", \"sealed-*\"]\n    roles: [ClusterRole/view, ClusterRole/edit, ClusterRole/admin]\n    maxDuration: 1h\n    approval:\n      automatic: true\n\n  - name: not-for-interns\n    groups: [payments-devs]\n    exceptGroups: [interns]\n    exceptUsers: [rita.ops@example.com]\n    clusters: [demo]\n    namespaces: [\"grown-*\"]\n    roles: [ClusterRole/view]\n    maxDuration: 1h\n    approval:\n      automatic: true\n\n  - name: for-one-account\n    users: [quinn@example.com]\n    clusters: [demo]\n    namespaces: [\"solo-*\"]\n    roles: [ClusterRole/view]\n    maxDuration: 1h\n    approval:\n      automatic: true\n"}, {"name": "rights.yaml", "content": "# Which rights: rules of one''s own, and rights that lead to more.\npolicies:\n  # The controller may make roles about pods, and none about services: infra/kubernetes/components/ad-hoc.\n  - name: consumers\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"rules-*\"]\n    rules:\n      - resources: [pods]\n        verbs: [get, list, delete]\n        resourceNames: [\"consumer-*\"]\n      - resources: [services]\n        verbs: [get]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n\n  # Each test makes the ClusterRole that it asks for.\n  - name: silent-about-dangers\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"danger-*\"]\n    clusterWide: true\n    roles: [ClusterRole/tests-impersonator, ClusterRole/tests-gathered, ClusterRole/tests-growing]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n\n  # Roles that grow while they are granted.\n  - name: grows\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"grows-*\"]\n    roles: [ClusterRole/tests-grows-ended]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n\n  - name: watched\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"watched-*\"]\n    roles: [ClusterRole/tests-grows-watched, ClusterRole/tests-grows-not]\n    maxDuration: 1h\n    roleGrowth: report\n    approval:\n      groups: [payments-leads]\n\n  - name: dangers-by-security\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"guarded-*\"]\n    roles: [ClusterRole/view, ClusterRole/edit]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n    dangerousRights:\n      approvals:\n        - groups: [security]\n\n  - name: no-dangers\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"harmless-*\"]\n    roles: [ClusterRole/view, ClusterRole/edit]\n    maxDuration: 1h\n    approval:\n      automatic:\n        harmless: true\n      groups: [payments-leads]\n    dangerousRights: refuse\n\n  # Everything but dangers, so that what is refused is refused as one.\n  - name: no-dangers-by-rules\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"answers-*\", \"sealed-*\"]\n    rules:\n      - apiGroups: [\"*\"]\n        resources: [\"*\"]\n        verbs: [get, list, watch, create, update, patch, delete, deletecollection]\n    maxDuration: 1h\n    approval:\n      automatic: true\n    dangerousRights: refuse\n"}, {"name": "times.yaml", "content": "# When: later, longer, and without waiting.\npeople:\n  - [vera@example.com, vera.ops@example.com]\n\npolicies:\n  - name: planned\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"plan-*\"]\n    roles: [ClusterRole/view, Role/debugger]\n    maxDuration: 1h\n    scheduledStart: 168h\n    approval:\n      groups: [payments-leads]\n\n  - name: longer\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"longer-*\"]\n    roles: [ClusterRole/view, Role/debugger]\n    rules:\n      - resources: [configmaps]\n        verbs: [get, list]\n    maxDuration: 10m\n    approval:\n      groups: [payments-leads]\n    extension:\n      maxDuration: 10m\n      total: 15m\n      review: false\n\n  - name: longer-by-review\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"again-*\"]\n    roles: [ClusterRole/view]\n    maxDuration: 10m\n    approval:\n      groups: [payments-leads]\n    extension:\n      maxDuration: 10m\n      total: 15m\n\n  - name: emergencies\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"fire-*\"]\n    roles: [ClusterRole/view, ClusterRole/edit]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n    breakGlass:\n      maxDuration: 10m\n      reviewWithin: 4h\n\n  - name: emergencies-reviewed-at-once\n    groups: [payments-devs]\n    clusters: [demo]\n    namespaces: [\"blaze-*\"]\n    roles: [ClusterRole/view]\n    maxDuration: 1h\n    approval:\n      groups: [payments-leads]\n    breakGlass:\n      maxDuration: 10m\n      reviewWithin: 1m\n"}], "source": "folder /policies", "changes": ["access.yaml: new, 53 lines", "approvals.yaml: new, 33 lines", "ephemeral.yaml: new, 16 lines", "hours.yaml: new, 35 lines", "places.yaml: new, 68 lines", "rights.yaml: new, 85 lines", "times.yaml: new, 66 lines"], "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "publisher": "unknown: folder /policies names nobody"}', NULL, 'policy_published', '2026-11-27 12:44:37.496857+00', '*DEFAULT*', 'JitFunctions.Domain.Policies.PolicyEvent+Published, JitFunctions.Domain', 'd4b33c0b3eb1ca810c2ecc04527ed32f', '{"channel": "policies", "cluster": "", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (3, '4de060c4-e64d-4629-9a4d-935c48eecb3b', 'awkh27nq1rsd', 1, '{"at": "2026-11-27T12:44:52.7270416+00:00", "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["team-stuck"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "01:00:00", "breakGlass": false}, "groups": ["payments-devs"], "policy": {"name": "reviewed", "source": "access.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "04:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["team-stuck"], "clusterWide": false}], "dangers": [], "decideBy": "2026-11-27T16:44:52.7270416+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:ccdafbbfbae50656a80dc340948c642e63bab98eab2e3d5d969d55b298ab331a", "fingerprint": "f8b436c3f90ac0ad6ba147c0bbd726297aa1a175739c96dafeccf4f2ffd71d0f", "otherAccounts": []}', NULL, 'access_requested', '2026-11-27 12:44:52.936128+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Requested, JitFunctions.Domain', '85953eb1057cc26468ebaf4c05de49e8', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-alice"}', 'alice@example.com', false);
INSERT INTO jit.mt_events VALUES (4, 'd0594e1f-d80d-4c2a-b65e-9b681150a882', 'awkh27nq1rsd', 2, '{"at": "2026-11-27T12:44:58.8529589+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "groups": ["payments-leads"], "verdict": "approve", "scopeHash": "sha256:ccdafbbfbae50656a80dc340948c642e63bab98eab2e3d5d969d55b298ab331a", "otherAccounts": []}', NULL, 'request_reviewed', '2026-11-27 12:44:59.143948+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Reviewed, JitFunctions.Domain', '8e400b76b28c69380542b12ae0c6c6b9', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (5, '17173588-44f1-4a81-a83f-1a861c5199e3', 'awkh27nq1rsd', 3, '{"at": "2026-11-27T12:44:58.8529589+00:00", "automatic": false, "activateBy": "2026-11-27T13:44:58.8529589+00:00"}', NULL, 'request_approved', '2026-11-27 12:44:59.143948+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Approved, JitFunctions.Domain', '8e400b76b28c69380542b12ae0c6c6b9', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (6, '3b96a0f7-4d0a-4a9e-8aee-252e49f09cdb', 'awkh27nq1rsd', 4, '{"at": "2026-11-27T12:45:00.4295467+00:00", "installation": "mhsk7ts2zh0n"}', NULL, 'activation_started', '2026-11-27 12:45:00.459439+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+ActivationStarted, JitFunctions.Domain', '85953eb1057cc26468ebaf4c05de49e8', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (7, '9838daab-9999-4232-aeb5-0ef86384253b', 'awkh27nq1rsd', 5, '{"at": "2026-11-27T12:45:00.9554506+00:00", "bindings": [{"uid": "bfee466b-8650-4e35-b9cb-03e3592f55f2", "name": "jit-awkh27nq1rsd", "namespace": "team-stuck"}], "expiresAt": "2026-11-27T13:45:00.6446262+00:00"}', NULL, 'access_activated', '2026-11-27 12:45:01.056749+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Activated, JitFunctions.Domain', '85953eb1057cc26468ebaf4c05de49e8', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (8, '8e710956-4da2-46b1-b7f7-45be67c6f63b', 'skms6kxfzreq', 1, '{"at": "2026-11-27T12:45:01.2609053+00:00", "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["team-asked"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "00:10:00", "breakGlass": false}, "groups": ["payments-devs"], "policy": {"name": "reviewed", "source": "access.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "04:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["team-asked"], "clusterWide": false}], "dangers": [], "decideBy": "2026-11-27T16:45:01.2609053+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:9dbe09020737a5a1e562eb0d130527b22977482d29105726d7a4d7558725d3cf", "fingerprint": "25867c81022d3083f0ac38953f581e8007ad93e7f603d071fcd55a055e85f7ed", "otherAccounts": []}', NULL, 'access_requested', '2026-11-27 12:45:01.267859+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Requested, JitFunctions.Domain', 'a5acdca459deeb89f2df0279c5117020', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-alice"}', 'alice@example.com', false);
INSERT INTO jit.mt_events VALUES (9, 'aca9d66a-06e6-46ef-a5d9-8c623462e6be', 'rs5z44xcws1m', 1, '{"at": "2026-11-27T12:45:01.3484526+00:00", "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["plan-later"], "clusterWide": false}, "start": "2026-11-27T13:05:01+00:00", "reason": "restart the stuck consumer", "duration": "00:10:00", "breakGlass": false}, "groups": ["payments-devs"], "policy": {"name": "planned", "source": "times.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "1.00:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["plan-later"], "clusterWide": false}], "dangers": [], "decideBy": "2026-11-28T12:45:01.3484526+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:d583ed7010321bfff052cb6e9415218346f019faf9c0f3c618b6434bdc04ff98", "fingerprint": "aa38761c753119c44c2cb8bc3ab5dec3dc57d1e8131247c73ab6ded7f33e8a4f", "otherAccounts": []}', NULL, 'access_requested', '2026-11-27 12:45:01.354308+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Requested, JitFunctions.Domain', '27d6adc01e7eb8c41b35b4e61d9b2b1c', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-alice"}', 'alice@example.com', false);
INSERT INTO jit.mt_events VALUES (10, '34609016-47b0-429e-af8b-9b98c657106a', 'rs5z44xcws1m', 2, '{"at": "2026-11-27T12:45:01.3921201+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "groups": ["payments-leads"], "verdict": "approve", "scopeHash": "sha256:d583ed7010321bfff052cb6e9415218346f019faf9c0f3c618b6434bdc04ff98", "otherAccounts": []}', NULL, 'request_reviewed', '2026-11-27 12:45:01.399045+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Reviewed, JitFunctions.Domain', 'd0f3fbea7c16b138e73a36724c4be416', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (11, 'f5c1cf12-b08d-4b19-b12d-d3556e0e3769', 'rs5z44xcws1m', 3, '{"at": "2026-11-27T12:45:01.3921201+00:00", "automatic": false, "activateBy": "2026-11-27T14:05:01+00:00"}', NULL, 'request_approved', '2026-11-27 12:45:01.399045+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Approved, JitFunctions.Domain', 'd0f3fbea7c16b138e73a36724c4be416', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (12, '4eeb076e-8fdf-422e-9780-bce36b400694', 'fey5bss5773b', 1, '{"at": "2026-11-27T12:45:01.9185029+00:00", "terms": {"scope": {"role": {"kind": "ClusterRole", "name": "view"}, "cluster": "demo", "namespaces": ["lent-live"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "01:00:00", "breakGlass": false}, "groups": ["payments-devs"], "policy": {"name": "lent", "source": "ephemeral.yaml:3", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "extension": {"total": "02:00:00", "reviewed": false, "maxDuration": "00:30:00"}, "enforcement": "ephemeral", "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "1.00:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "replicationcontrollers", "replicationcontrollers/scale", "serviceaccounts", "services", "services/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["bindings", "events", "limitranges", "namespaces/status", "pods/log", "pods/status", "replicationcontrollers/status", "resourcequotas", "resourcequotas/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": [""], "resources": ["namespaces"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["apps"], "resources": ["controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "replicasets", "replicasets/scale", "replicasets/status", "statefulsets", "statefulsets/scale", "statefulsets/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers", "horizontalpodautoscalers/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["batch"], "resources": ["cronjobs", "cronjobs/status", "jobs", "jobs/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["extensions"], "resources": ["daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "ingresses", "ingresses/status", "networkpolicies", "replicasets", "replicasets/scale", "replicasets/status", "replicationcontrollers/scale"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["policy"], "resources": ["poddisruptionbudgets", "poddisruptionbudgets/status"]}, {"verbs": ["get", "list", "watch"], "apiGroups": ["networking.k8s.io"], "resources": ["ingresses", "ingresses/status", "networkpolicies"]}], "namespaces": ["lent-live"], "clusterWide": false}], "dangers": [], "decideBy": "2026-11-28T12:45:01.9185029+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:a50a23b70819932f9500e0805134931a2ea6a63b8b39481e9f195b8443364143", "fingerprint": "895f9b6e6bd9ef57fda0e76dc8a0143307823fbaa6bae8a487513f40d97d574c", "otherAccounts": []}', NULL, 'access_requested', '2026-11-27 12:45:01.979612+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Requested, JitFunctions.Domain', 'cf424075456704da30967f44614ee79a', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-alice"}', 'alice@example.com', false);
INSERT INTO jit.mt_events VALUES (13, '368d6480-be6f-479f-8bc0-272203294deb', 'fey5bss5773b', 2, '{"at": "2026-11-27T12:45:02.1225535+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "groups": ["payments-leads"], "verdict": "approve", "scopeHash": "sha256:a50a23b70819932f9500e0805134931a2ea6a63b8b39481e9f195b8443364143", "otherAccounts": []}', NULL, 'request_reviewed', '2026-11-27 12:45:02.158863+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Reviewed, JitFunctions.Domain', 'ef6cf442cb78d1d63e0b07841ce123e5', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (14, '6e155357-2d23-48bd-a3db-e153eb401193', 'fey5bss5773b', 3, '{"at": "2026-11-27T12:45:02.1225535+00:00", "automatic": false, "activateBy": "2026-11-27T13:45:02.1225535+00:00"}', NULL, 'request_approved', '2026-11-27 12:45:02.158863+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Approved, JitFunctions.Domain', 'ef6cf442cb78d1d63e0b07841ce123e5', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (15, 'f9846745-b591-4324-8d2f-fd8f60298e26', 'fey5bss5773b', 4, '{"at": "2026-11-27T12:45:02.3440254+00:00", "installation": "mhsk7ts2zh0n", "serviceAccount": {"name": "jit-fey5bss5773b", "namespace": "jit-access"}}', NULL, 'activation_started', '2026-11-27 12:45:02.353627+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+ActivationStarted, JitFunctions.Domain', 'cf424075456704da30967f44614ee79a', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (16, 'f41eb66b-0656-44f9-a1e4-37ac2e6902e1', 'fey5bss5773b', 5, '{"at": "2026-11-27T12:45:02.7419208+00:00", "bindings": [{"uid": "7db42d3e-eac0-476f-b836-4c4d2e998d3b", "name": "jit-fey5bss5773b", "namespace": "lent-live"}], "expiresAt": "2026-11-27T13:45:02.4263595+00:00"}', NULL, 'access_activated', '2026-11-27 12:45:02.766499+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Activated, JitFunctions.Domain', 'cf424075456704da30967f44614ee79a', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (17, 'ebf58b42-87bc-49fb-b34b-808f1520c096', 'vbzw012x9hy3', 1, '{"at": "2026-11-27T12:45:03.0909803+00:00", "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["team-live"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "01:00:00", "breakGlass": false}, "groups": ["payments-devs"], "policy": {"name": "reviewed", "source": "access.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "04:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["team-live"], "clusterWide": false}], "dangers": [], "decideBy": "2026-11-27T16:45:03.0909803+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:3e822c58c7aa393a9f63a52d430a94e25cdcc437e3470deb8ff0913b4407170f", "fingerprint": "a384e5eabd6dd9652d7045c0d7fb1ce1722fb773422e0b5d1a0c1e85a792f78e", "otherAccounts": []}', NULL, 'access_requested', '2026-11-27 12:45:03.113339+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Requested, JitFunctions.Domain', 'a7a7c8743825d8ee8a720f78252f12f4', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-alice"}', 'alice@example.com', false);
INSERT INTO jit.mt_events VALUES (18, '8d5d4f68-a423-49f9-ac4f-3e618b47be3d', 'vbzw012x9hy3', 2, '{"at": "2026-11-27T12:45:03.1878026+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "groups": ["payments-leads"], "verdict": "approve", "scopeHash": "sha256:3e822c58c7aa393a9f63a52d430a94e25cdcc437e3470deb8ff0913b4407170f", "otherAccounts": []}', NULL, 'request_reviewed', '2026-11-27 12:45:03.194986+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Reviewed, JitFunctions.Domain', '72a6108ff58ae0a7def59d545cc6741d', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (19, '16c87871-68ef-44c6-9898-56464475c616', 'vbzw012x9hy3', 3, '{"at": "2026-11-27T12:45:03.1878026+00:00", "automatic": false, "activateBy": "2026-11-27T13:45:03.1878026+00:00"}', NULL, 'request_approved', '2026-11-27 12:45:03.194986+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Approved, JitFunctions.Domain', '72a6108ff58ae0a7def59d545cc6741d', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (20, '02e9ec64-8036-475e-b463-f6515b5ac480', 'vbzw012x9hy3', 4, '{"at": "2026-11-27T12:45:03.3032856+00:00", "installation": "mhsk7ts2zh0n"}', NULL, 'activation_started', '2026-11-27 12:45:03.314378+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+ActivationStarted, JitFunctions.Domain', 'a7a7c8743825d8ee8a720f78252f12f4', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (25, '7c6f8cfe-c800-460e-becf-38d7c77d6bdc', '480cqbz6naf7', 4, '{"at": "2026-11-27T12:45:03.7440128+00:00", "installation": "mhsk7ts2zh0n"}', NULL, 'activation_started', '2026-11-27 12:45:03.750082+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+ActivationStarted, JitFunctions.Domain', '2594f68137f803401862bb33e55e3991', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (26, '8b03258e-63d0-41ce-8147-9cc566232879', '480cqbz6naf7', 5, '{"at": "2026-11-27T12:45:03.8385698+00:00", "bindings": [{"uid": "b40d83ee-a484-488c-a75a-8e215c183339", "name": "jit-480cqbz6naf7", "namespace": "team-over"}], "expiresAt": "2026-11-27T12:55:03.8024852+00:00"}', NULL, 'access_activated', '2026-11-27 12:45:03.89375+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Activated, JitFunctions.Domain', '2594f68137f803401862bb33e55e3991', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (21, '78b1cbe9-ec8a-4a90-8689-4bdaa27c59cd', 'vbzw012x9hy3', 5, '{"at": "2026-11-27T12:45:03.3634344+00:00", "bindings": [{"uid": "4619d48d-3dc2-43e5-87d4-ec1382f7d272", "name": "jit-vbzw012x9hy3", "namespace": "team-live"}], "expiresAt": "2026-11-27T13:45:03.3430783+00:00"}', NULL, 'access_activated', '2026-11-27 12:45:03.380256+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Activated, JitFunctions.Domain', 'a7a7c8743825d8ee8a720f78252f12f4', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_events VALUES (22, '767e85eb-da41-4e5c-9d9d-8ac9a37063ae', '480cqbz6naf7', 1, '{"at": "2026-11-27T12:45:03.625944+00:00", "terms": {"scope": {"role": {"kind": "Role", "name": "debugger"}, "cluster": "demo", "namespaces": ["team-over"], "clusterWide": false}, "reason": "restart the stuck consumer", "duration": "00:10:00", "breakGlass": false}, "groups": ["payments-devs"], "policy": {"name": "reviewed", "source": "access.yaml:6", "version": "sha256:4ce39e76589479c4f9949a7a8220f2b10d74df7a4efc5e5eb28a3a6228f05ecf", "automatic": false, "requirements": [{"count": 1, "groups": ["payments-leads"]}], "pendingWindow": "04:00:00", "approverGroups": ["payments-leads"], "requiredApprovals": 1}, "rights": [{"rules": [{"verbs": ["get", "list"], "apiGroups": [""], "resources": ["pods", "configmaps"]}], "namespaces": ["team-over"], "clusterWide": false}], "dangers": [], "decideBy": "2026-11-27T16:45:03.625944+00:00", "requester": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "scopeHash": "sha256:7493046e1175be5b34cbacfd818f559cca3796912215bd2d43a9a6a660cadd64", "fingerprint": "16c6d3e87291314b412e6c9f88e56ed4bd45b8392026df9b585724c9061c06c3", "otherAccounts": []}', NULL, 'access_requested', '2026-11-27 12:45:03.630501+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Requested, JitFunctions.Domain', '2594f68137f803401862bb33e55e3991', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-alice"}', 'alice@example.com', false);
INSERT INTO jit.mt_events VALUES (23, '199e9f5d-f012-4e08-963d-18fda05ffb13', '480cqbz6naf7', 2, '{"at": "2026-11-27T12:45:03.6799113+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-bob", "username": "bob@example.com"}, "groups": ["payments-leads"], "verdict": "approve", "scopeHash": "sha256:7493046e1175be5b34cbacfd818f559cca3796912215bd2d43a9a6a660cadd64", "otherAccounts": []}', NULL, 'request_reviewed', '2026-11-27 12:45:03.684075+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Reviewed, JitFunctions.Domain', '979c114f74a57fee8ef236606557eccb', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (24, '8a2aeae9-c268-4da1-94f3-222ca8d27a42', '480cqbz6naf7', 3, '{"at": "2026-11-27T12:45:03.6799113+00:00", "automatic": false, "activateBy": "2026-11-27T13:45:03.6799113+00:00"}', NULL, 'request_approved', '2026-11-27 12:45:03.684075+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+Approved, JitFunctions.Domain', '979c114f74a57fee8ef236606557eccb', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-bob"}', 'bob@example.com', false);
INSERT INTO jit.mt_events VALUES (27, '968228f8-cd6e-43b2-b687-41905107fc79', 'awkh27nq1rsd', 6, '{"at": "2026-11-27T12:45:04.2879705+00:00", "by": {"subject": "http://127.0.0.1:22857#subject-of-alice", "username": "alice@example.com"}, "cause": "relinquished"}', NULL, 'ending_started', '2026-11-27 12:45:04.325439+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+EndingStarted, JitFunctions.Domain', '35f9785223f51a1a171d129a9045d86f', '{"channel": "api", "cluster": "demo", "actor-subject": "http://127.0.0.1:22857#subject-of-alice"}', 'alice@example.com', false);
INSERT INTO jit.mt_events VALUES (28, 'fcc9154e-4e9d-4f44-b487-9686ad041fb9', 'awkh27nq1rsd', 7, '{"at": "2026-11-27T12:45:04.6557586+00:00", "alarm": "warning", "detail": "demo cannot be reached: Connection refused (127.0.0.1:21761)", "attempt": 1}', NULL, 'revocation_delayed', '2026-11-27 12:45:04.667442+00', '*DEFAULT*', 'JitFunctions.Domain.Requests.AccessRequestEvent+RevocationDelayed, JitFunctions.Domain', '85953eb1057cc26468ebaf4c05de49e8', '{"channel": "orchestration", "cluster": "demo", "actor-subject": "system"}', 'system:jit-access', false);
INSERT INTO jit.mt_streams VALUES ('installation', NULL, 1, '2026-11-27 12:44:38.991165+00', '2026-11-27 12:44:38.991165+00', '*DEFAULT*', 0, false);
INSERT INTO jit.mt_streams VALUES ('policies', NULL, 1, '2026-11-27 12:44:38.7019+00', '2026-11-27 12:44:38.7019+00', '*DEFAULT*', 0, false);
INSERT INTO jit.mt_streams VALUES ('skms6kxfzreq', 'access_request', 1, '2026-11-27 12:45:01.263454+00', '2026-11-27 12:45:01.263454+00', '*DEFAULT*', 0, false);
INSERT INTO jit.mt_streams VALUES ('rs5z44xcws1m', 'access_request', 3, '2026-11-27 12:45:01.397339+00', '2026-11-27 12:45:01.349495+00', '*DEFAULT*', 0, false);
INSERT INTO jit.mt_streams VALUES ('fey5bss5773b', 'access_request', 5, '2026-11-27 12:45:02.759707+00', '2026-11-27 12:45:01.972189+00', '*DEFAULT*', 0, false);
INSERT INTO jit.mt_streams VALUES ('vbzw012x9hy3', 'access_request', 5, '2026-11-27 12:45:03.36896+00', '2026-11-27 12:45:03.092362+00', '*DEFAULT*', 0, false);
INSERT INTO jit.mt_streams VALUES ('480cqbz6naf7', 'access_request', 5, '2026-11-27 12:45:03.846834+00', '2026-11-27 12:45:03.628464+00', '*DEFAULT*', 0, false);
INSERT INTO jit.mt_streams VALUES ('awkh27nq1rsd', 'access_request', 7, '2026-11-27 12:45:04.663198+00', '2026-11-27 12:44:52.860037+00', '*DEFAULT*', 0, false);
SELECT pg_catalog.setval('durable.activities_id_seq', 17, true);
SELECT pg_catalog.setval('durable.inbox_id_seq', 41, true);
SELECT pg_catalog.setval('durable.node_ids', 1, true);
SELECT pg_catalog.setval('jit.mt_events_sequence', 28, true);
ALTER TABLE ONLY durable.activities
    ADD CONSTRAINT activities_pkey PRIMARY KEY (id);
ALTER TABLE ONLY durable.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (instance_id, "position");
ALTER TABLE ONLY durable.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY durable.instances
    ADD CONSTRAINT instances_pkey PRIMARY KEY (id);
ALTER TABLE ONLY durable.nodes
    ADD CONSTRAINT nodes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY durable.timers
    ADD CONSTRAINT timers_pkey PRIMARY KEY (name);
ALTER TABLE ONLY jit.mt_event_progression
    ADD CONSTRAINT pk_mt_event_progression PRIMARY KEY (name);
ALTER TABLE ONLY jit.mt_doc_auditentry
    ADD CONSTRAINT pkey_mt_doc_auditentry_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_doc_deadletterevent
    ADD CONSTRAINT pkey_mt_doc_deadletterevent_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_doc_openrequest
    ADD CONSTRAINT pkey_mt_doc_openrequest_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_doc_owedreview
    ADD CONSTRAINT pkey_mt_doc_owedreview_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_doc_pendingapproval
    ADD CONSTRAINT pkey_mt_doc_pendingapproval_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_doc_reconcilerreport
    ADD CONSTRAINT pkey_mt_doc_reconcilerreport_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_doc_requestdetails
    ADD CONSTRAINT pkey_mt_doc_requestdetails_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_doc_reviewnotice
    ADD CONSTRAINT pkey_mt_doc_reviewnotice_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_doc_tokenmembership
    ADD CONSTRAINT pkey_mt_doc_tokenmembership_id PRIMARY KEY (id);
ALTER TABLE ONLY jit.mt_event_projection_floors
    ADD CONSTRAINT pkey_mt_event_projection_floors_name_tenant_id PRIMARY KEY (name, tenant_id);
ALTER TABLE ONLY jit.mt_events
    ADD CONSTRAINT pkey_mt_events_seq_id PRIMARY KEY (seq_id);
ALTER TABLE ONLY jit.mt_high_water_skips
    ADD CONSTRAINT pkey_mt_high_water_skips_ending_sequence PRIMARY KEY (ending_sequence);
ALTER TABLE ONLY jit.mt_streams
    ADD CONSTRAINT pkey_mt_streams_id PRIMARY KEY (id);
CREATE INDEX activities_instance ON durable.activities USING btree (instance_id);
CREATE INDEX activities_waiting ON durable.activities USING btree (id) WHERE (owner IS NULL);
CREATE INDEX inbox_due ON durable.inbox USING btree (due_at);
CREATE INDEX inbox_instance ON durable.inbox USING btree (instance_id);
CREATE INDEX instances_finished ON durable.instances USING btree (updated_at) WHERE (status <> ALL (ARRAY['Pending'::text, 'Running'::text]));
CREATE INDEX instances_owned ON durable.instances USING btree (owner) WHERE (owner IS NOT NULL);
CREATE INDEX auditentry_by_actor ON jit.mt_doc_auditentry USING btree (lower((actor)::text), at, id);
CREATE INDEX mt_doc_auditentry_idx_actor ON jit.mt_doc_auditentry USING btree (actor);
CREATE INDEX mt_doc_auditentry_idx_at ON jit.mt_doc_auditentry USING btree (at);
CREATE INDEX mt_doc_auditentry_idx_stream ON jit.mt_doc_auditentry USING btree (stream);
CREATE INDEX mt_doc_openrequest_idx_data ON jit.mt_doc_openrequest USING gin (data jsonb_path_ops);
CREATE INDEX mt_doc_owedreview_idx_review_by ON jit.mt_doc_owedreview USING btree (review_by);
CREATE INDEX mt_doc_requestdetails_idx_is_final ON jit.mt_doc_requestdetails USING btree (is_final);
CREATE INDEX mt_doc_requestdetails_idx_removal_due_at ON jit.mt_doc_requestdetails USING btree (jit.mt_immutable_timestamptz((data ->> 'removalDueAt'::text)));
CREATE INDEX mt_doc_requestdetails_idx_requested_at ON jit.mt_doc_requestdetails USING btree (requested_at);
CREATE INDEX mt_doc_reviewnotice_idx_since ON jit.mt_doc_reviewnotice USING btree (since);
CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON jit.mt_events USING btree (stream_id, version);
CREATE INDEX requestdetails_by_subject ON jit.mt_doc_requestdetails USING btree ((((data -> 'requester'::text) ->> 'subject'::text)), requested_at, id);
CREATE INDEX requestdetails_by_username ON jit.mt_doc_requestdetails USING btree (lower(((data -> 'requester'::text) ->> 'username'::text)), requested_at, id);
ALTER TABLE ONLY jit.mt_events
    ADD CONSTRAINT fkey_mt_events_stream_id FOREIGN KEY (stream_id) REFERENCES jit.mt_streams(id) ON DELETE CASCADE;
