import { NO_ENVIRONMENT } from '../risk/deployment.ts';
import type { RiskVerdict } from '../risk/detected-risk.ts';
import type { CatalogueWord } from './catalogue.ts';
import { type DataClue, type DerivedData, deriveDataClass } from './data-class.ts';
import { deriveEnvironment, type Surrounding } from './environment.ts';
import { deriveOwner, type OwnerCandidate } from './owner.ts';
import type { OwnerPreferences } from './owner-preferences.ts';
import { type DerivedServices, deriveServices, type JoinedServices } from './service-name.ts';

/** What people said of a resource, or of the scope that told of it. */
export interface DeclaredPlace {
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly team: string | null;
}

const NOTHING_CATALOGUED: CatalogueWord = { services: [], owners: [] };

export const NOTHING_DECLARED: DeclaredPlace = { environment: null, services: [], team: null };

/** Where a resource belongs: its environment, services, owner and data, each with where that was read. */
export interface Placement {
  readonly environment: string | null;
  readonly production: RiskVerdict;
  readonly services: readonly string[];
  readonly team: string | null;
  readonly attribution: Attribution;
}

/** The grounds of a placement that are shown, and rank nothing. */
export interface Attribution {
  readonly services: Omit<DerivedServices, 'services'>;
  /** Every candidate, best first. */
  readonly owners: readonly OwnerCandidate[];
  readonly data: DerivedData;
}

/** An image or a repository is deployed in many environments, whatever it is called. */
const IN_MANY_PLACES = /^(?:image|repo|artifact):/;

/** Where a resource belongs (attack-paths §7), from what people said, its own tags and name, and what it is in. */
export function placeResource(
  {
    key,
    name,
    tags,
    path,
    scanned = [],
    joined,
  }: {
    /** By which a person's word is found; undefined: there is none. */
    readonly key?: string | undefined;
    readonly name: string;
    readonly tags: Readonly<Record<string, string>>;
    /** Of the file that describes it. */
    readonly path?: string | null | undefined;
    /** What scanners of data said of it. */
    readonly scanned?: readonly DataClue[] | undefined;
    /** Services that what it is bound up with tells. */
    readonly joined?: readonly JoinedServices[] | undefined;
  },
  declared: DeclaredPlace,
  surroundings: readonly Surrounding[],
  catalogued: (services: readonly string[]) => CatalogueWord = () => NOTHING_CATALOGUED,
  preferences?: OwnerPreferences,
): Placement {
  const environment = deriveEnvironment({
    explicit: declared.environment,
    tags,
    surroundings,
    path,
    name: key !== undefined && IN_MANY_PLACES.test(key) ? null : name,
  });
  const tagged = deriveServices({ declared: declared.services, tags });
  const word = catalogued(tagged.services);
  const { services, ...ofServices } =
    tagged.services.length > 0 ? tagged : deriveServices({ tags, catalogued: word.services, joined });
  const accepted = key === undefined ? null : (preferences?.acceptedOf(key) ?? null);
  const owner = deriveOwner({
    accepted: accepted === null ? null : { name: accepted.owner, by: accepted.by },
    declaredTeam: declared.team,
    declared: word.owners,
    tags,
    surroundings,
    preferences,
  });
  return {
    environment: environment.environment,
    production: productionVerdict(environment),
    services,
    team: owner.owner,
    attribution: {
      services: ofServices,
      owners: owner.candidates,
      data: deriveDataClass(tags, name, scanned),
    },
  };
}

function productionVerdict({
  production,
  evidence,
  others,
}: ReturnType<typeof deriveEnvironment>): RiskVerdict {
  if (evidence === null) return NO_ENVIRONMENT;
  return {
    state: production,
    evidence: [evidence, ...others].map((sentence) => ({ sentence, provenance: 'environment', at: null })),
    missing: production === 'unknown' ? NO_ENVIRONMENT.missing : [],
  };
}
