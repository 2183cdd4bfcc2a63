import type { Queryable } from './database.ts';

interface TableRow {
  readonly name: string;
  readonly is_unlogged: boolean;
  readonly columns: readonly string[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
}

/**
 * The schema of the product as text, from the catalogue of a live database: tables in order of name, with
 * their columns as they stand, their constraints and indexes. Equal schemas have equal texts, on every
 * supported version of PostgreSQL. (PostgreSQL 18 lists *not null* among the constraints; it stands with
 * the columns here.)
 */
export async function dumpSchema(db: Queryable): Promise<string> {
  const tables = await db.query<TableRow>(`
    select class.relname as name, class.relpersistence = 'u' as is_unlogged,
      array(
        select concat_ws(' ', field.attname, format_type(field.atttypid, field.atttypmod),
          case when orders.collname <> 'default' then 'collate "' || orders.collname || '"' end,
          case when field.attnotnull then 'not null' end,
          case when field.attgenerated = 's' then 'generated always as (' || pg_get_expr(fallback.adbin, fallback.adrelid) || ') stored'
            else 'default ' || pg_get_expr(fallback.adbin, fallback.adrelid) end)
        from pg_attribute as field
        left join pg_collation as orders on orders.oid = field.attcollation
        left join pg_attrdef as fallback on fallback.adrelid = field.attrelid and fallback.adnum = field.attnum
        where field.attrelid = class.oid and field.attnum > 0 and not field.attisdropped order by field.attnum
      ) as columns,
      array(
        select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid = class.oid and contype <> 'n' order by conname collate "C"
      ) as constraints,
      array(
        select pg_get_indexdef(indexrelid) from pg_index join pg_class as index on index.oid = indexrelid
        where indrelid = class.oid and not exists (select from pg_constraint where conindid = indexrelid and conrelid = class.oid) order by index.relname collate "C"
      ) as indexes
    from pg_class as class where class.relnamespace = 'public'::regnamespace and class.relkind in ('r', 'p') order by class.relname collate "C"`);
  return tables.rows.map(tableText).join('\n');
}

function tableText({ name, is_unlogged: isUnlogged, columns, constraints, indexes }: TableRow): string {
  const lines = [...columns, ...constraints].map((line) => `  ${line}`);
  return [
    `create ${isUnlogged ? 'unlogged ' : ''}table ${name} (`,
    lines.join(',\n'),
    ');',
    ...indexes.map((index) => `${index};`),
    '',
  ].join('\n');
}
