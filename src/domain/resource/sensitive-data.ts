import type { Severity } from '../severity/severity.ts';
import type { DataClass, DataClue, DataType } from './data-class.ts';

/** Who looked: at the data themselves, or at a label or score that somebody put on the whole store (attack-paths §7.2). */
export type DataScanner = 'content' | 'label';

/** How sure their words are. */
export const SCANNER_CONFIDENCE: Readonly<Record<DataScanner, number>> = { content: 0.95, label: 0.8 };

/** Words by which scanners of data call what they found, as Macie, DLP and their kin spell them. */
const TYPES: readonly { readonly type: DataType; readonly words: RegExp }[] = [
  { type: 'pci', words: /CREDIT_?CARD|CARD_?(?:NUMBER|TRACK|EXPIRATION|VERIFICATION)|\bPCI\b|\bPAN\b/ },
  { type: 'phi', words: /HEALTH|MEDICAL|MEDICARE|\bPHI\b|HIPAA|HCPCS|NATIONAL_?DRUG|\bNPI\b|ICD(?:9|10)/ },
  {
    type: 'credentials',
    words:
      /CREDENTIAL|SECRET|PRIVATE_?KEY|PASSWORD|(?:AUTH|ACCESS|WEB|SECURITY|BEARER)_?TOKEN|API_?KEY|HTTP_(?:BASIC_AUTH|COOKIE)|ENCRYPTION_?KEY/,
  },
  { type: 'source', words: /SOURCE_?CODE/ },
  { type: 'financial', words: /FINANCIAL|BANK|\bIBAN\b|IBAN_?CODE|SWIFT|ROUTING_?NUMBER|CRYPTO_?WALLET/ },
  {
    type: 'pii',
    words:
      /PERSONAL|PERSON_?NAME|FIRST_?NAME|LAST_?NAME|(?:^|_)NAME$|EMAIL|CONTACT_?INFO|PHONE|\bSSN\b|SOCIAL_?SECURITY|PASSPORT|DRIVER|NATIONAL_?(?:ID|INSURANCE)|IDENTIFICATION_?NUMBER|TAX|DATE_?OF_?BIRTH|\bDOB\b|STREET_?ADDRESS|(?:^|_)ADDRESS$|LATITUDE|\bVIN\b|ELECTORAL|\bPII\b/,
  },
];

/** Types that nobody may lose, whatever the scanner says how bad it is. */
const RESTRICTED = new Set<DataType>(['pci', 'phi', 'credentials']);

/**
 * What a scanner of data says that a store holds, by the words for what it found. Always a class: a scanner that reports
 * something sensitive without a word that is known means something confidential.
 */
export function sensitiveDataClue(
  words: readonly string[],
  severity: Severity | null,
  scanner: DataScanner,
  reason: string,
): DataClue {
  const types = typesOfWords(words);
  return { dataClass: classOfTypes(types, severity), types, confidence: SCANNER_CONFIDENCE[scanner], reason };
}

/** The types of data that words for it tell; empty where none is known. */
export function typesOfWords(words: readonly string[]): readonly DataType[] {
  const spelled = words.map((word) =>
    word
      .slice(0, 200)
      .toUpperCase()
      .replace(/[\s/-]+/g, '_'),
  );
  return TYPES.filter((each) => spelled.some((word) => each.words.test(word))).map(({ type }) => type);
}

/** How sensitive data of these types are that a scanner reports, with its own word for how bad that is; null: it has none. */
export function classOfTypes(types: readonly DataType[], severity: Severity | null): DataClass {
  if (types.some((type) => RESTRICTED.has(type))) return 'restricted';
  return severity === 'high' || severity === 'critical' ? 'restricted' : 'confidential';
}
