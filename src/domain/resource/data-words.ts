import type { DataType } from './data-class.ts';

/** What people call the data of a type. */
export const DATA_WORDS: Readonly<Record<DataType, string>> = {
  pii: 'personal data',
  phi: 'health data',
  pci: 'card data',
  credentials: 'credentials',
  source: 'source code',
  financial: 'financial data',
  telemetry: 'telemetry',
};
