import { type DatabaseAddress, openPool, type Pool } from '../../src/store/database.ts';

/**
 * A pool whose connections plan each statement with parameters once and keep the plan: in a database of a few rows planning
 * takes most of the time. What is asked and answered is the same.
 */
export function openPreparedPool(address: DatabaseAddress): Pool {
  const pool = openPool(address, { max: 4 });
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    const known = names.get(text) ?? `kept-${names.size}`;
    names.set(text, known);
    return known;
  };
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...values: unknown[]) => unknown;
    const prepared = (first: unknown, ...rest: unknown[]): unknown => {
      const [values] = rest;
      if (typeof first === 'string' && Array.isArray(values))
        return query({ name: nameOf(first), text: first, values }, ...rest.slice(1));
      if (isUnnamed(first)) return query({ ...first, name: nameOf(first.text) }, ...rest);
      return query(first, ...rest);
    };
    Object.assign(client, { query: prepared });
    void client.query('set plan_cache_mode = force_generic_plan');
  });
  return pool;
}

function isUnnamed(config: unknown): config is { readonly text: string } {
  return (
    typeof config === 'object' &&
    config !== null &&
    'text' in config &&
    'values' in config &&
    !('name' in config) &&
    !('submit' in config)
  );
}
