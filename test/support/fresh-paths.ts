import { expect } from 'vitest';
import { derivePaths } from '../../src/domain/attackpath/derive-paths.ts';
import { pathFinding } from '../../src/domain/attackpath/path-finding.ts';
import { loadPathFacts } from '../../src/store/attackpath/load-path-facts.ts';
import { organisationOf } from '../../src/store/organisation.ts';
import type { TestInbox } from './test-inbox.ts';

interface StoredPath {
  readonly fingerprint: string;
  readonly body: unknown;
  readonly content: unknown;
}

/** The attack paths that are stored are those that somebody finds who looks anew, word for word. */
export async function expectFreshPaths({ database, clock }: TestInbox): Promise<void> {
  const connection = await database.pool.connect();
  try {
    const { facts } = await loadPathFacts(connection, organisationOf(1n), clock.now());
    const found = derivePaths(facts).paths.map((path) => pathFinding(path, facts));
    const stored = await connection.query<StoredPath>(
      `select attack_path.fingerprint, body, content from attack_path
       join sighting on sighting.shard = attack_path.shard and sighting.fingerprint = attack_path.fingerprint and sighting.gone_at is null`,
    );
    const told = (paths: readonly StoredPath[]) =>
      paths.toSorted((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
    expect(told(stored.rows)).toEqual(
      told(
        JSON.parse(
          JSON.stringify(
            found.map(({ identity, path, content }) => ({
              fingerprint: identity.fingerprint,
              body: path,
              content,
            })),
          ),
        ),
      ),
    );
  } finally {
    connection.release();
  }
}
