import type { DataType } from '#domain/resource/data-class.ts';

const WORDS: Readonly<Record<DataType | 'confidential' | 'restricted', string>> = {
  pii: 'personal data',
  phi: 'health data',
  pci: 'card data',
  credentials: 'credentials',
  source: 'source code',
  financial: 'financial data',
  telemetry: 'telemetry',
  confidential: 'confidential data',
  restricted: 'restricted data',
};

/** What people call a type or a class of data; of any other text the text itself. The domain says the same in its sentences. */
export function dataWords(type: string): string {
  return Object.hasOwn(WORDS, type) ? WORDS[type as keyof typeof WORDS] : type;
}
