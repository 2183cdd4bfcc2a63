import type { Instant } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type {
  AdvisoryRequest,
  ExplorerStore,
  FindingRequest,
  ListedAdvisory,
  ListedFinding,
  ListedPage,
  ListedSignal,
  Neighbour,
  ResourcePage,
  ResourceRequest,
  SignalRequest,
  Surroundings,
} from '#domain/ports/explorer-store.ts';
import type { Lack } from '#domain/risk/missing-inputs.ts';
import type { SeverityCounts } from '#domain/severity/severity.ts';
import type { Pool } from '../database.ts';
import { KeptAnswers } from '../kept-answers.ts';
import type { Organisation } from '../organisation.ts';
import { countSeverities } from './count-severities.ts';
import { loadLacks } from './lacks.ts';
import { listAdvisories } from './listed-advisories.ts';
import { listFindings } from './listed-findings.ts';
import { listResources } from './listed-resources.ts';
import { listSignals } from './listed-signals.ts';
import { loadNeighbours } from './neighbours.ts';
import { loadSurroundings } from './surroundings.ts';

/** The lists of what is stored, in PostgreSQL. */
export class PostgresExplorerStore implements ExplorerStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #lacks: KeptAnswers<readonly Lack[]>;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
    this.#lacks = new KeptAnswers(clock);
  }

  findings(request: FindingRequest): Promise<ListedPage<ListedFinding>> {
    return listFindings(this.#pool, this.#organisation, this.#clock.now(), request);
  }

  resources(request: ResourceRequest): Promise<ResourcePage> {
    return listResources(this.#pool, this.#organisation, this.#clock.now(), request);
  }

  signals(request: SignalRequest): Promise<ListedPage<ListedSignal>> {
    return listSignals(this.#pool, this.#organisation, request);
  }

  advisories(request: AdvisoryRequest): Promise<ListedPage<ListedAdvisory>> {
    return listAdvisories(this.#pool, this.#organisation, this.#clock.now(), request);
  }

  neighbours(key: string): Promise<readonly Neighbour[]> {
    return loadNeighbours(this.#pool, this.#organisation, key);
  }

  surroundings(keys: readonly string[], limit: number): Promise<Surroundings> {
    return loadSurroundings(this.#pool, this.#organisation, keys, limit);
  }

  severities(keys: readonly string[]): Promise<ReadonlyMap<string, SeverityCounts>> {
    return countSeverities(this.#pool, this.#organisation, keys);
  }

  async lacks(): Promise<{ readonly lacks: readonly Lack[]; readonly countedAt: Instant }> {
    const { answer, at } = await this.#lacks.of('lacks', () =>
      loadLacks(this.#pool, this.#organisation.shard),
    );
    return { lacks: answer, countedAt: at };
  }
}
