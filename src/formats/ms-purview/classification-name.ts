import type { DataType } from '#domain/resource/data-class.ts';

/** What the name of a classification of Purview's own tells. */
interface Known {
  readonly name: RegExp;
  /** Null for what is no secret of anybody: names of cities, numbers of companies, endorsements. */
  readonly type: DataType | null;
}

/**
 * Classifications that Microsoft defines are `MICROSOFT.<group>.<country>.<what>`, in either separator. The first row that fits
 * counts; the group decides where no row before it does.
 */
const KNOWN: readonly Known[] = [
  { name: /^MICROSOFT\.(?:POWERBI|SYSTEM|LABEL)\./, type: null },
  { name: /[._](?:CITY|STATE|COUNTRY|REGION|ZIP|POSTAL)(?:[._]?(?:NAME|CODE|REGION))*$/, type: null },
  { name: /[._](?:COMPANY|BUSINESS|CORPORATE)[._](?:NAME|NUMBER|REGISTRATION)/, type: null },
  { name: /HEALTH|MEDIC|DRUG|DEA[._]NUMBER|ICD[._]?(?:9|10)|DISEASE/, type: 'phi' },
  { name: /(?:CREDIT|DEBIT)[._]?CARD/, type: 'pci' },
  { name: /^MICROSOFT\.SECURITY\./, type: 'credentials' },
  { name: /^MICROSOFT\.FINANCIAL\./, type: 'financial' },
  { name: /^MICROSOFT\.MISCELLANEOUS\.IP[._]?ADDRESS/, type: 'telemetry' },
  { name: /^MICROSOFT\.(?:PERSONAL|GOVERNMENT)\./, type: 'pii' },
];

/** Types that make no store sensitive by themselves. */
const HARMLESS: readonly DataType[] = ['telemetry'];

/** What a classification tells; undefined for one that is not in the table, as the names are that an organisation gives. */
export function meaningOfClassification(
  name: string,
): { readonly type: DataType | null; readonly isSensitive: boolean } | undefined {
  const spelled = name.slice(0, 300).toUpperCase();
  if (!spelled.startsWith('MICROSOFT.')) return undefined;
  const known = KNOWN.find((each) => each.name.test(spelled));
  if (known === undefined) return undefined;
  return { type: known.type, isSensitive: known.type !== null && !HARMLESS.includes(known.type) };
}

/** The id of the sensitivity label that a classification stands for: `Microsoft.Label.9FBDE396_1A24_…`; undefined for any other. */
export function labelIdOf(name: string): string | undefined {
  const id = /^MICROSOFT\.LABEL\.([0-9a-f]{8}(?:[_-][0-9a-f]{4}){3}[_-][0-9a-f]{12})$/i.exec(name)?.[1];
  return id?.replaceAll('_', '-').toLowerCase();
}
