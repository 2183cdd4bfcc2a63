import type { Instant } from '#base/instant.ts';
import type { AutomationRule } from '#domain/automation/automation-rule.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { Condition } from '#domain/inbox/admission-rule.ts';
import type { OwnRule, RuleEdits, RuleSwitch } from '#domain/inbox/effective-rules.ts';
import type { FeedDates } from '#domain/risk/advisory-facts.ts';
import type { AdvisoryRating, AdvisoryRatings } from '#domain/severity/advisory-rating.ts';
import type { ScoringSettings } from '#domain/severity/scoring-settings.ts';
import { FEED_DATES_AS_JSON, feedDates, type StoredFeedDates } from './advisories.ts';
import { automationRule, RULES_AS_JSON, type RuleRow } from './automation-rules.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';
import { loadAliases } from './rekey/stored-aliases.ts';

interface AdmissionRuleRow {
  readonly id: string;
  readonly is_enabled: boolean;
  readonly cloned_from: string | null;
  readonly title: string | null;
  readonly sentence: string | null;
  readonly types: readonly FindingType[] | null;
  readonly conditions: readonly Condition[] | null;
  readonly actor: string;
  readonly at: Instant;
}

/** What this organisation says about the rules of admission. */
export async function loadRuleEdits(db: Queryable, { id }: Organisation): Promise<RuleEdits> {
  const result = await db.query<AdmissionRuleRow>({
    name: 'admission-rules',
    text: 'select id, is_enabled, cloned_from, title, sentence, types, conditions, actor, at from admission_rule where organisation = $1 order by at, id',
    values: [id],
  });
  const switches = result.rows.filter((row) => row.cloned_from === null && !row.is_enabled);
  return {
    switchedOff: new Map(
      switches.map((row): [string, RuleSwitch] => [row.id, { by: row.actor, at: row.at }]),
    ),
    own: result.rows.flatMap(ownRule),
  };
}

function ownRule(row: AdmissionRuleRow): readonly OwnRule[] {
  const { id, is_enabled, cloned_from, title, sentence, types, conditions, actor, at } = row;
  if (cloned_from === null || title === null || sentence === null || types === null || conditions === null)
    return [];
  return [
    {
      id,
      title,
      sentence,
      types,
      when: conditions,
      clonedFrom: cloned_from,
      isEnabled: is_enabled,
      by: actor,
      at,
    },
  ];
}

/** Which of its settings an organisation has said anything about. */
interface OrganisationEdits {
  readonly controlEdits: boolean;
  readonly ratings: boolean;
  readonly ruleEdits: boolean;
}

interface ScoringRow {
  readonly severity_basis: ScoringSettings['severityBasis'];
  readonly epss_rule: ScoringSettings['epssRule'];
  readonly privileged_access: ScoringSettings['privilegedAccess'];
  readonly has_control_edits: boolean;
  readonly has_ratings: boolean;
  readonly has_rule_edits: boolean;
  readonly automation: readonly RuleRow[] | null;
  readonly feeds: StoredFeedDates | null;
}

/** What every assessment looks at, in one answer; and where there is more to ask for. */
interface CommonSettings {
  readonly scoring: ScoringSettings;
  readonly automation: readonly AutomationRule[];
  readonly feeds: FeedDates;
  readonly has: OrganisationEdits;
}

/** What this organisation chose about how findings count. */
export async function loadScoring(db: Queryable, organisation: Organisation): Promise<ScoringSettings> {
  return (await loadCommonSettings(db, organisation)).scoring;
}

export async function loadCommonSettings(db: Queryable, { id }: Organisation): Promise<CommonSettings> {
  const result = await db.query<ScoringRow>({
    name: 'common-settings',
    text: `select severity_basis, epss_rule, privileged_access, exists (select from control_edit where organisation = $1) as has_control_edits,
        exists (select from advisory_rating where organisation = $1) as has_ratings, exists (select from admission_rule where organisation = $1) as has_rule_edits,
        (select ${RULES_AS_JSON} from automation_rule where organisation = $1) as automation, (select ${FEED_DATES_AS_JSON} from feed) as feeds
      from organisation where id = $1`,
    values: [id],
  });
  const [row] = result.rows;
  if (row === undefined) throw new Error(`organisation ${id} has no row`);
  return {
    scoring: {
      severityBasis: row.severity_basis,
      epssRule: row.epss_rule,
      privilegedAccess: row.privileged_access,
    },
    has: {
      controlEdits: row.has_control_edits,
      ratings: row.has_ratings,
      ruleEdits: row.has_rule_edits,
    },
    automation: (row.automation ?? []).map(automationRule),
    feeds: feedDates(row.feeds ?? {}),
  };
}

interface RatingRow {
  readonly advisory: string;
  readonly vector: string | null;
  readonly severity: AdvisoryRating['severity'];
  readonly reason: string;
  readonly actor: string;
  readonly at: Instant;
}

/** How this organisation rates advisories, by the names in use today: a report may have told a better one since. */
export async function loadRatings(db: Queryable, organisation: Organisation): Promise<AdvisoryRatings> {
  const result = await db.query<RatingRow>({
    name: 'advisory-ratings',
    text: 'select advisory, vector, severity, reason, actor, at from advisory_rating where organisation = $1 order by at, advisory',
    values: [organisation.id],
  });
  if (result.rows.length === 0) return new Map();
  const aliases = await loadAliases(db, organisation);
  return new Map(
    result.rows.map(({ advisory, actor, ...rating }) => [
      aliases.advisory(advisory),
      { ...rating, by: actor },
    ]),
  );
}
